using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>A role to give to somebody.</summary>
public sealed record RoleOffer
{
    public required PortalRole Role { get; init; }

    /// <summary>Null: for every organisation, which an administrator, auditor or owner always is.</summary>
    public Guid? OrganisationId { get; init; }

    public bool IsDeputy { get; init; }

    /// <summary>Null: now.</summary>
    public DateTimeOffset? StartsAt { get; init; }

    /// <summary>Null: until somebody ends it.</summary>
    public DateTimeOffset? EndsAt { get; init; }
}

/// <summary>Gives and ends roles. Administrators only.</summary>
public sealed class RoleService(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <exception cref="ServiceException">NotFound or Invalid beside a field; Conflict: the person has this role; Forbidden.</exception>
    public async Task<RoleGrant> GrantAsync(string userName, RoleOffer offer, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var normalized = userName.Trim().ToUpperInvariant();
        var user = await db.Users.SingleOrDefaultAsync(candidate => candidate.NormalizedUserName == normalized, ct)
            ?? throw new ServiceException(ErrorKind.NotFound, "Nobody has this user name. A new person is invited instead.", "UserName");

        var grant = await AddAsync(db, user, offer, actor, ct);
        await db.SaveChangesAsync(ct);
        return grant;
    }

    /// <summary>Ends a role now.</summary>
    /// <exception cref="ServiceException">NotFound; Conflict: it has ended, or nobody could administer the portal any more; Forbidden.</exception>
    public async Task EndAsync(Guid grantId, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var grant = await db.RoleGrants.FindAsync([grantId], ct) ?? throw AccountErrors.GrantNotFound();
        var now = clock.GetUtcNow();
        if (grant.Role is PortalRole.Administrator) await RequireAnotherAdministratorAsync(db, grant.UserId, now, ct);

        grant.End(now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RoleEnded, actor, "user", grant.UserId, now, grant.Role.ToString()));
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Adds the role and its audit record to the caller's unit of work.</summary>
    internal async Task<RoleGrant> AddAsync(PortalDbContext db, PortalUser user, RoleOffer offer, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var organisation = await ScopeOfAsync(db, offer, ct);
        var startsAt = offer.StartsAt is { } start && start > now ? start : now;
        var held = await db.RoleGrants.AnyAsync(
            grant => grant.UserId == user.Id && grant.Role == offer.Role && grant.OrganisationId == offer.OrganisationId && grant.IsDeputy == offer.IsDeputy
                && (grant.EndsAt == null || grant.EndsAt > startsAt), ct);
        if (held) throw new ServiceException(ErrorKind.Conflict, "This person has this role. End it first to change its dates.", "UserName");

        var added = RoleGrant.To(user.Id, offer.Role, offer.OrganisationId, offer.IsDeputy, startsAt, offer.EndsAt, actor);
        db.RoleGrants.Add(added);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RoleGranted, actor, "user", user.Id, now, Describe(user, organisation, added)));
        return added;
    }

    internal static async Task RequireAnotherAdministratorAsync(PortalDbContext db, Guid exceptUserId, DateTimeOffset now, CancellationToken ct)
    {
        var usable = db.Users.Where(user => user.Id != exceptUserId && user.EmailConfirmed && (user.LockoutEnd == null || user.LockoutEnd < AccountLocks.Permanent));
        var another = await db.RoleGrants.Where(grant => grant.Role == PortalRole.Administrator && grant.StartsAt <= now && (grant.EndsAt == null || grant.EndsAt > now))
            .Join(usable, grant => grant.UserId, user => user.Id, (grant, user) => grant.Id).AnyAsync(ct);
        if (!another) throw new ServiceException(ErrorKind.Conflict, "This is the last administrator: make somebody else one first.");
    }

    private static async Task<Organisation?> ScopeOfAsync(PortalDbContext db, RoleOffer offer, CancellationToken ct)
    {
        if (offer.IsDeputy && offer.Role is not PortalRole.Officer)
            throw new ServiceException(ErrorKind.Invalid, "Only officers have deputies.", nameof(RoleOffer.IsDeputy));
        if (offer.OrganisationId is not { } organisationId) return null;
        if (offer.Role is not PortalRole.Officer and not PortalRole.Subscriber)
            throw new ServiceException(ErrorKind.Invalid, $"The role {offer.Role} is for every organisation: choose no single one.", nameof(RoleOffer.OrganisationId));
        return await db.Organisations.FindAsync([organisationId], ct)
            ?? throw new ServiceException(ErrorKind.Invalid, "There is no such organisation.", nameof(RoleOffer.OrganisationId));
    }

    private static string Describe(PortalUser user, Organisation? organisation, RoleGrant grant) =>
        $"{user.UserName}: {grant.Role}{(grant.IsDeputy ? " (deputy)" : "")} for {organisation?.Name ?? "every organisation"} from {grant.StartsAt:u}{(grant.EndsAt is { } end ? $" to {end:u}" : "")}";
}
