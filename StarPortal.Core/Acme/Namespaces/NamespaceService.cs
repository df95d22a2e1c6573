using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Claims to domains, and the decisions on them: approved once, orders inside are instant.</summary>
public sealed class NamespaceService(IDbContextFactory<PortalDbContext> contexts, NamespaceBook book, NamespaceNews news, TimeProvider clock)
{
    internal const int MaxOpenClaims = 50;

    private static readonly TimeSpan Recently = TimeSpan.FromDays(1);

    /// <summary>A person claims a domain for the ACME accounts that are theirs.</summary>
    /// <param name="organisationId">Whose officers may decide; null: those of the person's own.</param>
    /// <exception cref="ServiceException">Unauthenticated; Invalid beside Suffix; Conflict; TooMany.</exception>
    public async Task<AcmeNamespace> AskAsync(string suffix, NamespaceChallenge challenge, Guid? organisationId, string reason, Actor actor, CancellationToken ct)
    {
        var owner = actor.RequireSignedIn();
        var domain = ReadSuffix(suffix);
        await using var db = await contexts.CreateDbContextAsync(ct);
        await RequireRoomAsync(db, owner, domain, ct);

        var organisation = organisationId ?? await db.Users.Where(user => user.Id == owner).Select(user => user.OrganisationId).SingleOrDefaultAsync(ct);
        var asked = AcmeNamespace.Ask(domain, challenge, owner, organisation, reason, clock.GetUtcNow());
        await news.AddAskedAsync(db, asked, actor, ct);
        return await AddAsync(db, asked, AuditAction.AcmeNamespaceAsked, actor, ct);
    }

    /// <summary>An administrator's own, in force at once.</summary>
    /// <param name="ownerId">Whose accounts it is for; null: everybody's.</param>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden; Invalid beside Suffix.</exception>
    public async Task<AcmeNamespace> GrantAsync(string suffix, NamespaceChallenge challenge, Guid? ownerId, Guid? organisationId, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var granted = AcmeNamespace.Ask(ReadSuffix(suffix), challenge, ownerId, organisationId, "", clock.GetUtcNow());
        granted.Approve(challenge, "", actor, clock.GetUtcNow());
        await news.AddDecidedAsync(db, granted, ct);
        return await AddAsync(db, granted, AuditAction.AcmeNamespaceApproved, actor, ct);
    }

    /// <param name="challenge">What the officer allows, whatever was asked for.</param>
    /// <exception cref="ServiceException">NotFound; Forbidden; Conflict: decided already, perhaps by somebody who was faster.</exception>
    public Task<AcmeNamespace> ApproveAsync(Guid id, NamespaceChallenge challenge, string note, Actor officer, CancellationToken ct) =>
        DecideAsync(id, AuditAction.AcmeNamespaceApproved, officer, claim => claim.Approve(challenge, note, officer, clock.GetUtcNow()), ct);

    /// <exception cref="ServiceException">As <see cref="ApproveAsync"/>.</exception>
    public Task<AcmeNamespace> RefuseAsync(Guid id, string note, Actor officer, CancellationToken ct) =>
        DecideAsync(id, AuditAction.AcmeNamespaceRefused, officer, claim => claim.Refuse(note, officer, clock.GetUtcNow()), ct);

    /// <exception cref="ServiceException">As <see cref="ApproveAsync"/>.</exception>
    public Task<AcmeNamespace> WithdrawAsync(Guid id, string note, Actor officer, CancellationToken ct) =>
        DecideAsync(id, AuditAction.AcmeNamespaceWithdrawn, officer, claim => claim.Withdraw(note, officer, clock.GetUtcNow()), ct);

    /// <summary>Each claim is mailed to people: one that is taken back counts for a day, so that nobody makes mails by claiming over and over.</summary>
    private async Task RequireRoomAsync(PortalDbContext db, Guid owner, string domain, CancellationToken ct)
    {
        var since = clock.GetUtcNow() - Recently;
        var open = await db.AcmeNamespaces.Where(claim => claim.OwnerId == owner && (claim.State == AcmeNamespaceState.Asked || claim.State == AcmeNamespaceState.Approved
                || (claim.State == AcmeNamespaceState.Withdrawn && claim.AskedAt > since)))
            .Select(claim => new { claim.Suffix, claim.State }).Take(10_000).ToListAsync(ct);
        if (open.Any(claim => claim.Suffix == domain && claim.State is not AcmeNamespaceState.Withdrawn)) throw NamespaceErrors.Taken(domain);
        if (open.Count(claim => claim.State is not AcmeNamespaceState.Approved) >= MaxOpenClaims) throw NamespaceErrors.TooMany();
    }

    private async Task<AcmeNamespace> AddAsync(PortalDbContext db, AcmeNamespace claim, AuditAction action, Actor actor, CancellationToken ct)
    {
        db.AcmeNamespaces.Add(claim);
        db.AuditRecords.Add(AuditRecord.Of(action, actor, "namespace", claim.Id, clock.GetUtcNow(), $"{claim.Suffix}, challenge {claim.Challenge}"));
        await db.SaveChangesAsync(ct);
        book.Forget();
        return claim;
    }

    private async Task<AcmeNamespace> DecideAsync(Guid id, AuditAction action, Actor officer, Action<AcmeNamespace> decide, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var claim = await db.AcmeNamespaces.SingleOrDefaultAsync(candidate => candidate.Id == id, ct) ?? throw NamespaceErrors.NotFound();
        RequireRight(claim, officer);
        var before = claim.State;
        decide(claim);
        await news.AddDecidedAsync(db, claim, ct);
        db.AuditRecords.Add(AuditRecord.Of(action, officer, "namespace", claim.Id, clock.GetUtcNow(), $"{claim.Suffix}, challenge {claim.Challenge}. {claim.Note}".TrimEnd()));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            // Of two who decide alike at once, the slower meets the other's state or, depending on the database, the other's mail first.
            if (await CurrentStateAsync(id, ct) is var state && state == before) throw;
            throw NamespaceErrors.AlreadyDecided(state);
        }

        book.Forget();
        return claim;
    }

    private static void RequireRight(AcmeNamespace claim, Actor officer)
    {
        if (officer.IsAdministrator) officer.RequireAdministrator();
        else if (claim.OrganisationId is { } organisation && officer.IsOfficerOf(organisation)) officer.RequireOfficer();
        else throw NamespaceErrors.NotFound();
    }

    private async Task<AcmeNamespaceState> CurrentStateAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.AcmeNamespaces.AsNoTracking().Where(claim => claim.Id == id).Select(claim => claim.State).SingleAsync(ct);
    }

    private static string ReadSuffix(string text)
    {
        var suffix = text.Trim().TrimStart('*').TrimStart('.').TrimEnd('.').ToLowerInvariant();
        return NameSyntax.FindProblem(SubjectAlternativeName.Dns(suffix)) is null && !suffix.StartsWith("*.", StringComparison.Ordinal) ? suffix : throw NamespaceErrors.BadSuffix(text);
    }
}
