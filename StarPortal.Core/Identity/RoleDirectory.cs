using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>One role of one person, as administrators and auditors see it.</summary>
public sealed record RoleRow(
    Guid Id, Guid UserId, string UserName, string FullName, PortalRole Role, Guid? OrganisationId, string? Organisation, bool IsDeputy,
    DateTimeOffset StartsAt, DateTimeOffset? EndsAt, string GrantedBy, bool IsConfirmed);

/// <summary>Who holds what. Administrators and auditors only.</summary>
public sealed class RoleDirectory(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <summary>Roles in force or to come, subscribers left out (everybody is one); with <paramref name="ended"/> those that have ended instead, the latest first.</summary>
    public async Task<IReadOnlyList<RoleRow>> ListAsync(bool ended, Actor actor, CancellationToken ct)
    {
        RequireReader(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var grants = db.RoleGrants.Where(grant => grant.Role != PortalRole.Subscriber);
        grants = ended
            ? grants.Where(grant => grant.EndsAt != null && grant.EndsAt <= now).OrderByDescending(grant => grant.EndsAt).Take(500)
            : grants.Where(grant => grant.EndsAt == null || grant.EndsAt > now);
        var rows = await RowsOf(db, grants).ToListAsync(ct);
        return ended
            ? [.. rows.OrderByDescending(row => row.EndsAt)]
            : [.. rows.OrderBy(row => row.Role).ThenBy(row => row.Organisation, StringComparer.OrdinalIgnoreCase).ThenBy(row => row.UserName, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Every role that one person has or had.</summary>
    public async Task<IReadOnlyList<RoleRow>> ListOfAsync(Guid userId, Actor actor, CancellationToken ct)
    {
        RequireReader(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        return [.. (await RowsOf(db, db.RoleGrants.Where(grant => grant.UserId == userId)).ToListAsync(ct)).OrderBy(row => row.StartsAt)];
    }

    private static IQueryable<RoleRow> RowsOf(PortalDbContext db, IQueryable<RoleGrant> grants)
    {
        var (users, organisations) = (db.Users, db.Organisations);
        return from grant in grants.AsNoTracking()
               join user in users on grant.UserId equals user.Id
               join organisation in organisations on grant.OrganisationId equals organisation.Id into scoped
               from organisation in scoped.DefaultIfEmpty()
               select new RoleRow(
                   grant.Id, grant.UserId, user.UserName!, user.FullName, grant.Role, grant.OrganisationId, organisation == null ? null : organisation.Name,
                   grant.IsDeputy, grant.StartsAt, grant.EndsAt, grant.GrantedBy, user.EmailConfirmed);
    }

    private static void RequireReader(Actor actor)
    {
        if (!actor.IsAdministrator) actor.Require(PortalRole.Auditor);
        else actor.RequireAdministrator();
    }
}
