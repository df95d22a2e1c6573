using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>
/// The one place where a passphrase or a code is judged. Wrong tries count for the account (lockout, in the database) and for the address (throttle), an
/// unknown user costs the same time as a known one, and every failure is audited without what was typed.
/// </summary>
public sealed class PassphraseCheck(
    IServiceScopeFactory scopes, IPasswordHasher<PortalUser> hasher, AttemptThrottle throttle, IOptions<AccountOptions> options, TimeProvider clock)
{
    private readonly Lazy<(PortalUser User, string Hash)> nobody = new(() =>
    {
        var user = new PortalUser { FullName = "" };
        return (user, hasher.HashPassword(user, SecureTokens.NewToken()));
    });

    /// <summary>Whether this is the account's passphrase: for an action that asks for it again, or that its owner does without signing in.</summary>
    /// <param name="userId">Whose.</param>
    /// <param name="passphrase">As typed.</param>
    /// <param name="visitor">Who types: its address is throttled.</param>
    /// <param name="field">The form property that the refusal belongs beside.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ServiceException">Unauthenticated: wrong, or the account is locked; TooMany.</exception>
    public Task RequireAsync(Guid userId, string? passphrase, Actor visitor, string field, CancellationToken ct) => RequireAsync(userId, passphrase, orHash: null, visitor, field, ct);

    /// <param name="orHash">Of another passphrase that will do as well; null: none.</param>
    internal async Task RequireAsync(Guid userId, string? passphrase, string? orHash, Actor visitor, string field, CancellationToken ct)
    {
        using var attempt = BeginAttempt(visitor);
        var right = await scopes.InAccountWorkAsync(async work =>
        {
            var user = await work.GetUserAsync(userId, ct);
            if (Judge(user, passphrase, out var reason) || IsOf(orHash, passphrase)) return true;
            await RecordFailureAsync(work, user, reason, visitor, ct);
            return false;
        });
        if (!right) throw SignInErrors.PassphraseRefused(field);
        attempt.Succeed();
    }

    private bool IsOf(string? hash, string? passphrase) =>
        hash is not null && hasher.VerifyHashedPassword(nobody.Value.User, hash, Clip(passphrase)) is not PasswordVerificationResult.Failed;

    internal Attempt BeginAttempt(Actor visitor)
    {
        var key = AttemptThrottle.AddressKey("sign-in", visitor.Address);
        throttle.Spend(key, options.Value.AttemptsPerAddress, options.Value.AddressWindow);
        return new(throttle, key);
    }

    /// <summary>Hashes once in every case: the time tells nothing.</summary>
    internal bool Judge(PortalUser? user, string? passphrase, out string reason)
    {
        var result = hasher.VerifyHashedPassword(nobody.Value.User, user?.PasswordHash ?? nobody.Value.Hash, Clip(passphrase));
        reason = user is null ? "unknown user name"
            : user.IsLockedOut(clock.GetUtcNow()) ? "locked"
            : result is PasswordVerificationResult.Failed || user.PasswordHash is null ? "wrong passphrase"
            : "";
        if (reason.Length == 0 && result is PasswordVerificationResult.SuccessRehashNeeded) user!.PasswordHash = hasher.HashPassword(user, passphrase!);
        return reason.Length == 0;
    }

    /// <summary>Counts a wrong try and locks the account when it was one too many; saves.</summary>
    internal async Task RecordFailureAsync(AccountWork work, PortalUser? user, string reason, Actor visitor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        work.Db.AuditRecords.Add(AuditRecord.Of(AuditAction.SignInFailed, visitor, "user", user?.Id.ToString() ?? "unknown", now, reason));
        if (user is null)
        {
            await work.Db.SaveChangesAsync(ct);
            return;
        }

        if (!user.IsLockedOut(now) && ++user.AccessFailedCount >= options.Value.LockoutAttempts)
        {
            (user.AccessFailedCount, user.LockoutEnd) = (0, now + options.Value.LockoutTime);
            work.Db.AuditRecords.Add(AuditRecord.Of(AuditAction.LockedOut, visitor, "user", user.Id, now, $"until {user.LockoutEnd:u}"));
        }

        await work.SaveAsync(user, ct);
    }

    /// <summary>A passphrase of a megabyte would only cost hashing time; nobody has one.</summary>
    private static string Clip(string? passphrase) => passphrase is null ? "" : passphrase.Length <= PassphrasePolicy.MaxLength ? passphrase : passphrase[..(PassphrasePolicy.MaxLength + 1)];

    /// <summary>One try of an address: counted when it begins, taken back when it was good.</summary>
    internal sealed class Attempt(AttemptThrottle throttle, string key) : IDisposable
    {
        private bool good;

        public void Succeed() => good = true;

        public void Dispose()
        {
            if (good) throttle.Refund(key);
        }
    }
}
