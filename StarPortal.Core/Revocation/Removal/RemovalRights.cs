using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>Who may remove whom: administrators everybody but themselves, officers the people of their organisation who have no office. Always with a second factor.</summary>
internal static class RemovalRights
{
    /// <exception cref="ServiceException">Unauthenticated; Forbidden without role or second factor.</exception>
    public static void RequireOffice(Actor actor)
    {
        if (actor.IsSystem) return;
        actor.RequireSignedIn();
        if (actor.Is(PortalRole.Administrator)) actor.RequireAdministrator();
        else actor.RequireOfficer();
    }

    public static bool MaySee(Actor actor, Guid? organisationId) => actor.IsAdministrator || (organisationId is { } id && actor.IsOfficerOf(id));

    /// <exception cref="ServiceException">NotFound; Forbidden; Conflict: oneself, or the last administrator.</exception>
    public static async Task<PortalUser> RequireAsync(PortalDbContext db, Guid userId, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        RequireOffice(actor);
        var user = await db.Users.SingleOrDefaultAsync(candidate => candidate.Id == userId, ct);
        if (user is null || !MaySee(actor, user.OrganisationId)) throw RemovalErrors.NotFound();
        if (actor.Id == userId) throw RemovalErrors.Oneself();
        var offices = await db.RoleGrants.Where(grant => grant.UserId == userId && (grant.EndsAt == null || grant.EndsAt > now)
            && (grant.Role == PortalRole.Officer || grant.Role == PortalRole.Administrator || grant.Role == PortalRole.Auditor)).Select(grant => grant.Role).ToListAsync(ct);
        if (offices.Count > 0 && !actor.IsAdministrator) throw RemovalErrors.HasARole();
        if (offices.Contains(PortalRole.Administrator)) await RoleService.RequireAnotherAdministratorAsync(db, userId, now, ct);
        return user;
    }
}
