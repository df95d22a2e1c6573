using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>What an administrator may do to somebody's account: keep it out, let it in again, take a lost second factor off it.</summary>
public sealed class UserAdministration(IServiceScopeFactory scopes, IEnumerable<IAccountHold> holds, TimeProvider clock)
{
    /// <summary>Keeps the person out until <see cref="UnlockAsync"/>, and ends the sessions that are open.</summary>
    /// <exception cref="ServiceException">Forbidden; NotFound; Conflict: oneself, or the last administrator.</exception>
    public Task LockAsync(Guid userId, string reason, Actor actor, CancellationToken ct) =>
        ChangeAsync(userId, AuditAction.UserLocked, RequireReason(reason), actor, async (work, user) =>
        {
            if (userId == actor.Id) throw new ServiceException(ErrorKind.Conflict, "You can't lock your own account.");
            var now = clock.GetUtcNow();
            if (await IsAdministratorAsync(work.Db, userId, now, ct)) await RoleService.RequireAnotherAdministratorAsync(work.Db, userId, now, ct);
            user.LockoutEnd = AccountLocks.Permanent;
        }, ct);

    /// <summary>Lifts every lock, that of wrong tries too, but for one that something else holds.</summary>
    /// <exception cref="ServiceException">Forbidden; NotFound; Conflict: the person is being removed.</exception>
    public Task UnlockAsync(Guid userId, Actor actor, CancellationToken ct) =>
        ChangeAsync(userId, AuditAction.UserUnlocked, null, actor, async (work, user) =>
        {
            foreach (var hold in holds)
            {
                if (await hold.FindReasonAsync(work.Db, userId, ct) is { } why) throw AccountErrors.LockHeld(why);
            }

            (user.LockoutEnd, user.AccessFailedCount) = (null, 0);
        }, ct);

    /// <summary>Takes authenticator app, passkeys and recovery codes off the account: the person signs in with the passphrase and sets up new ones.</summary>
    /// <exception cref="ServiceException">Forbidden; NotFound; Conflict: oneself.</exception>
    public Task ResetSecondFactorAsync(Guid userId, string reason, Actor actor, CancellationToken ct) =>
        ChangeAsync(userId, AuditAction.SecondFactorReset, RequireReason(reason), actor, async (work, user) =>
        {
            if (userId == actor.Id) throw new ServiceException(ErrorKind.Conflict, "Change your own second factor on your security page.");
            await SecondFactors.RemoveAllAsync(work, user);
        }, ct);

    private async Task ChangeAsync(
        Guid userId, AuditAction action, string? detail, Actor actor, Func<AccountWork, PortalUser, Task> change, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var work = scopes.BeginAccountWork();
        var user = await work.GetUserAsync(userId, ct);

        await change(work, user);
        user.SecurityStamp = SecureTokens.NewToken();
        work.Db.AuditRecords.Add(AuditRecord.Of(action, actor, "user", userId, clock.GetUtcNow(), detail));
        await work.SaveAsync(user, ct);
    }

    private static Task<bool> IsAdministratorAsync(PortalDbContext db, Guid userId, DateTimeOffset now, CancellationToken ct) =>
        db.RoleGrants.AnyAsync(grant => grant.UserId == userId && grant.Role == PortalRole.Administrator && (grant.EndsAt == null || grant.EndsAt > now), ct);

    private static string RequireReason(string reason) =>
        reason.Trim() is { Length: > 0 and <= 500 } kept ? kept : throw new ServiceException(ErrorKind.Invalid, "Say why, in up to 500 characters: it goes into the audit log.", "Reason");
}
