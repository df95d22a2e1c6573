using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>Makes and changes organisations. Administrators only.</summary>
public sealed class OrganisationService(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <exception cref="ServiceException">Invalid or Conflict beside a field; Forbidden.</exception>
    public async Task<Organisation> CreateAsync(string name, IEnumerable<string> emailDomains, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var organisation = Organisation.Create(name, emailDomains, now);
        RequireUsableDomains(organisation);
        await RequireFreeNameAsync(db, organisation, ct);

        db.Organisations.Add(organisation);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.OrganisationCreated, actor, "organisation", organisation.Id, now, Describe(organisation)));
        await SaveAsync(db, ct);
        return organisation;
    }

    /// <exception cref="ServiceException">Invalid or Conflict beside a field; NotFound; Forbidden.</exception>
    public async Task<Organisation> ChangeAsync(Guid id, string name, IEnumerable<string> emailDomains, bool isOpen, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var organisation = await db.Organisations.FindAsync([id], ct) ?? throw AccountErrors.OrganisationNotFound();

        organisation.Change(name, emailDomains, isOpen);
        RequireUsableDomains(organisation);
        await RequireFreeNameAsync(db, organisation, ct);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.OrganisationChanged, actor, "organisation", id, clock.GetUtcNow(), Describe(organisation)));
        await SaveAsync(db, ct);
        return organisation;
    }

    private static void RequireUsableDomains(Organisation organisation)
    {
        foreach (var domain in organisation.EmailDomains)
        {
            if (domain.Length > 253 || Uri.CheckHostName(domain) is not UriHostNameType.Dns || !domain.Contains('.', StringComparison.Ordinal))
                throw AccountErrors.EmailDomainUnusable(domain);
        }
    }

    /// <summary>Names that differ only by case would be one organisation to a reader.</summary>
    private static async Task RequireFreeNameAsync(PortalDbContext db, Organisation organisation, CancellationToken ct)
    {
        var lowered = organisation.Name.ToLowerInvariant();
        if (await db.Organisations.AnyAsync(other => other.Id != organisation.Id && other.Name.ToLower() == lowered, ct))
            throw AccountErrors.OrganisationNameTaken();
    }

    private static async Task SaveAsync(PortalDbContext db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (error.InnerException?.Message.Contains("Organisations", StringComparison.Ordinal) is true)
        {
            throw AccountErrors.OrganisationNameTaken();
        }
    }

    private static string Describe(Organisation organisation) =>
        $"{organisation.Name}; {(organisation.IsOpen ? "open" : "closed")}; mail domains: {(organisation.EmailDomains is [] ? "any" : string.Join(", ", organisation.EmailDomains))}";
}
