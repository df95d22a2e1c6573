using StarPortal.Core.Data;

namespace StarPortal.Core.Identity;

/// <summary>Something that keeps an account locked and ends by itself or in its own way, so that nobody lifts the lock before. A room that holds accounts has one.</summary>
public interface IAccountHold
{
    /// <returns>Why the lock can't be lifted, and what to do instead; null: it can.</returns>
    Task<string?> FindReasonAsync(PortalDbContext db, Guid userId, CancellationToken ct);
}
