using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>How the room's units of work end.</summary>
internal static class RegistryWork
{
    /// <exception cref="ServiceException">Conflict: somebody was faster.</exception>
    public static Task SaveAsync(this PortalDbContext db, AuditAction action, RegistryResource resource, string? detail, Actor actor, DateTimeOffset now, CancellationToken ct) =>
        db.SaveAsync(AuditRecord.Of(action, actor, "resource", resource.Id, now, detail is null ? resource.Name : $"{resource.Name}: {detail}"), ct);

    /// <exception cref="ServiceException">Conflict: somebody was faster.</exception>
    public static Task SaveAsync(this PortalDbContext db, AuditAction action, RegistryGroup group, string? detail, Actor actor, DateTimeOffset now, CancellationToken ct) =>
        db.SaveAsync(AuditRecord.Of(action, actor, "group", group.Id, now, detail is null ? group.Name : $"{group.Name}: {detail}"), ct);

    /// <exception cref="ServiceException">Conflict: somebody was faster.</exception>
    public static async Task SaveAsync(this PortalDbContext db, AuditRecord record, CancellationToken ct)
    {
        db.AuditRecords.Add(record);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw RegistryErrors.Busy();
        }
    }
}
