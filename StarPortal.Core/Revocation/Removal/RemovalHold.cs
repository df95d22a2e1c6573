using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Revocation;

/// <summary>Whoever is being removed stays locked out: undoing the removal lifts that lock, and nothing else does.</summary>
internal sealed class RemovalHold : IAccountHold
{
    public async Task<string?> FindReasonAsync(PortalDbContext db, Guid userId, CancellationToken ct) =>
        await db.PersonRemovals.AnyAsync(removal => removal.OpenUserId == userId, ct) ? "This person is being removed: undo the removal, which lifts the lock as well." : null;
}
