using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>What a list of claims is narrowed by; null does not narrow.</summary>
/// <param name="Text">A part of the domain.</param>
/// <param name="IsOwn">Those of the reader alone, whatever else the reader may see.</param>
/// <param name="Page">From 1 on.</param>
public sealed record NamespaceQuery(string? Text = null, AcmeNamespaceState? State = null, bool IsOwn = false, int Page = 1);

/// <summary>A claim and the names of whom it names.</summary>
public sealed record NamespaceRow(AcmeNamespace Claim, string? OwnerName, string? Organisation, string? DecidedByName);

public sealed record NamespacePage(IReadOnlyList<NamespaceRow> Rows, int Total);

/// <summary>Claims for people: all for administrators and auditors, those of their organisations for officers, everybody's own.</summary>
public sealed class NamespaceSearch(IDbContextFactory<PortalDbContext> contexts)
{
    public const int PageSize = 50;

    /// <summary>The newest first.</summary>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<NamespacePage> FindAsync(NamespaceQuery query, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var claims = Visible(db.AcmeNamespaces.AsNoTracking(), actor, query.IsOwn);
        if (query.State is { } state) claims = claims.Where(claim => claim.State == state);
        if (query.Text?.Trim().ToLowerInvariant() is { Length: > 0 and <= 253 } part) claims = claims.Where(claim => claim.Suffix.Contains(part));
        var total = await claims.CountAsync(ct);
        var page = claims.OrderByDescending(claim => claim.AskedAt).ThenBy(claim => claim.Id).Skip((Math.Clamp(query.Page, 1, 100_000) - 1) * PageSize).Take(PageSize);
        return new NamespacePage(await Rows(db, page).ToListAsync(ct), total);
    }

    /// <exception cref="ServiceException">Unauthenticated; NotFound: none, or none that this person may see.</exception>
    public async Task<NamespaceRow> GetAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await Rows(db, Visible(db.AcmeNamespaces.AsNoTracking(), actor, isOwn: false).Where(claim => claim.Id == id)).SingleOrDefaultAsync(ct) ?? throw NamespaceErrors.NotFound();
    }

    /// <summary>How many claims this officer or administrator could decide on; 0 for everybody else.</summary>
    public async Task<int> CountWaitingAsync(Actor actor, CancellationToken ct)
    {
        if (!actor.IsAdministrator && !actor.Is(PortalRole.Officer)) return 0;
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await Visible(db.AcmeNamespaces, actor, isOwn: false).CountAsync(claim => claim.State == AcmeNamespaceState.Asked && claim.OwnerId != actor.Id, ct);
    }

    private static IQueryable<NamespaceRow> Rows(PortalDbContext db, IQueryable<AcmeNamespace> claims)
    {
        var (users, organisations) = (db.Users, db.Organisations);
        return claims.Select(claim => new NamespaceRow(
            claim, users.Where(user => user.Id == claim.OwnerId).Select(user => user.UserName).FirstOrDefault(),
            organisations.Where(organisation => organisation.Id == claim.OrganisationId).Select(organisation => organisation.Name).FirstOrDefault(),
            users.Where(user => user.Id == claim.DecidedBy).Select(user => user.UserName).FirstOrDefault()));
    }

    private static IQueryable<AcmeNamespace> Visible(IQueryable<AcmeNamespace> claims, Actor actor, bool isOwn)
    {
        var reader = actor.RequireSignedIn();
        if (isOwn || !actor.HasSecondFactor) return claims.Where(claim => claim.OwnerId == reader);
        if (actor.IsAdministrator || actor.Is(PortalRole.Auditor) || actor.Grants.Any(grant => grant is { Role: PortalRole.Officer, OrganisationId: null })) return claims;
        Guid?[] organisations = [.. actor.Grants.Where(grant => grant.Role is PortalRole.Officer).Select(grant => grant.OrganisationId)];
        return claims.Where(claim => claim.OwnerId == reader || (claim.OrganisationId != null && organisations.Contains(claim.OrganisationId)));
    }
}
