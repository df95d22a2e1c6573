using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>Keeps somebody who is being removed out, in the unit of work that begins it.</summary>
public sealed class RemovalLocks(AccessLocks access, TimeProvider clock)
{
    internal async Task LockAsync(PortalDbContext db, PortalUser user, Actor actor, CancellationToken ct)
    {
        user.LockoutEnd = AccountLocks.Permanent;
        Touch(user);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.UserLocked, actor, "user", user.Id, clock.GetUtcNow(), "removal begun"));
        await access.LockAsync(db, user, SuspensionCause.Removal, actor, ct);
        await WithdrawAsync(db, user, actor, ct);
        var userId = user.Id;
        db.RecoveryAttempts.RemoveRange(await db.RecoveryAttempts.Where(attempt => attempt.UserId == userId).ToListAsync(ct));
    }

    internal async Task LiftAsync(PortalDbContext db, PortalUser user, PersonRemoval removal, Actor actor, CancellationToken ct)
    {
        user.LockoutEnd = removal.EarlierLock;
        Touch(user);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.UserUnlocked, actor, "user", user.Id, clock.GetUtcNow(), "removal undone"));
        await access.LiftAsync(db, user, SuspensionCause.Removal, actor, ct);
    }

    /// <summary>What is approved already is issued in the next moment, and revoked with the rest.</summary>
    private async Task WithdrawAsync(PortalDbContext db, PortalUser user, Actor actor, CancellationToken ct)
    {
        var (userId, now) = (user.Id, clock.GetUtcNow());
        var open = await db.EnrollmentRequests.Where(request => request.UserId == userId && request.OpenKeyHash != null && request.Status != RequestStatus.Approved).ToListAsync(ct);
        foreach (var request in open)
        {
            request.Withdraw(now);
            db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestWithdrawn, actor, "request", request.Id, now, "the person is being removed"));
        }
    }

    /// <summary>Open sessions end; of two changes of the account at once the second starts over.</summary>
    private static void Touch(PortalUser user) => (user.SecurityStamp, user.ConcurrencyStamp) = (SecureTokens.NewToken(), SecureTokens.NewToken());
}
