using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>Who may look after what: owners their resources and groups, administrators with a second factor all. For everybody else it does not exist.</summary>
internal static class RegistryRights
{
    public static bool IsAdministrator(Actor actor) => actor.IsAdministrator && actor.HasSecondFactor;

    /// <summary>Auditors as well.</summary>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden.</exception>
    public static void RequireReader(Actor actor) => actor.Require(actor.Is(PortalRole.Auditor) ? PortalRole.Auditor : PortalRole.Administrator);

    /// <returns>The resource, tracked.</returns>
    /// <exception cref="ServiceException">Unauthenticated; NotFound.</exception>
    public static async Task<RegistryResource> FindResourceAsync(PortalDbContext db, Guid id, Actor actor, CancellationToken ct)
    {
        if (!actor.IsSystem) actor.RequireSignedIn();
        var resource = await db.RegistryResources.FindAsync([id], ct);
        if (resource is null) throw RegistryErrors.ResourceNotFound();
        return IsAdministrator(actor) || await db.ResourceOwners.AnyAsync(owner => owner.ResourceId == id && owner.UserId == actor.Id, ct) ? resource : throw RegistryErrors.ResourceNotFound();
    }

    /// <returns>The resource, tracked, which is in use.</returns>
    /// <exception cref="ServiceException">As above; Conflict: closed.</exception>
    public static async Task<RegistryResource> OpenResourceAsync(PortalDbContext db, Guid id, Actor actor, CancellationToken ct)
    {
        var resource = await FindResourceAsync(db, id, actor, ct);
        return resource.ClosedAt is null ? resource : throw RegistryErrors.Ended();
    }

    /// <returns>The group, tracked.</returns>
    /// <exception cref="ServiceException">Unauthenticated; NotFound.</exception>
    public static async Task<RegistryGroup> FindGroupAsync(PortalDbContext db, Guid id, Actor actor, CancellationToken ct)
    {
        if (!actor.IsSystem) actor.RequireSignedIn();
        return await db.RegistryGroups.FindAsync([id], ct) is { } group && (IsAdministrator(actor) || group.OwnerId == actor.Id) ? group : throw RegistryErrors.GroupNotFound();
    }
}
