using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Audit;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <param name="UserId">Who may come in, or has to show a second factor first.</param>
/// <param name="NeedsSecondFactor">The passphrase was right, but the account has a second factor, which is still to be shown.</param>
public sealed record SignInStep(Guid UserId, bool NeedsSecondFactor);

/// <summary>
/// Decides who may come in; the door then writes the session cookie. First step: the passphrase. Second step, for an account that has one: a code
/// of the authenticator app, a recovery code or a passkey. A passkey alone is both steps: it is asked to verify its user.
/// </summary>
public sealed class SignInService(IServiceScopeFactory scopes, PassphraseCheck check, SecondFactors factors, TimeProvider clock)
{
    /// <exception cref="ServiceException">Unauthenticated, in the same words and the same time for every reason; TooMany.</exception>
    public async Task<SignInStep> CheckPassphraseAsync(string userName, string passphrase, Actor visitor, CancellationToken ct)
    {
        using var attempt = check.BeginAttempt(visitor);
        var step = await scopes.InAccountWorkAsync(async work =>
        {
            var user = await work.FindByNameAsync(userName, ct);
            if (!check.Judge(user, passphrase, out var reason))
            {
                await check.RecordFailureAsync(work, user, reason, visitor, ct);
                return null;
            }

            if (!user!.EmailConfirmed)
            {
                await NoteRefusalAsync(work, user, "e-mail address not confirmed", visitor, ct);
                return null;
            }

            if (await work.HasSecondFactorAsync(user)) return new SignInStep(user.Id, NeedsSecondFactor: true);
            await LetInAsync(work, user, "passphrase", visitor, ct);
            return new SignInStep(user.Id, NeedsSecondFactor: false);
        });
        if (step is null) throw SignInErrors.Refused();
        attempt.Succeed();
        return step;
    }

    /// <summary>The second step by the authenticator app.</summary>
    /// <exception cref="ServiceException">Unauthenticated, beside Code; TooMany.</exception>
    public Task CheckCodeAsync(Guid userId, string code, Actor visitor, CancellationToken ct) =>
        SecondStepAsync(userId, "code", "passphrase and authenticator app", (work, user) => factors.TakeCodeAsync(work, user, code), visitor, ct);

    /// <summary>The second step by a recovery code, which is spent.</summary>
    /// <exception cref="ServiceException">Unauthenticated, beside Code; TooMany.</exception>
    public Task CheckRecoveryCodeAsync(Guid userId, string code, Actor visitor, CancellationToken ct) =>
        SecondStepAsync(userId, "recovery code", "passphrase and recovery code", (work, user) => SecondFactors.TakeRecoveryCodeAsync(work, user, code), visitor, ct);

    /// <summary>
    /// Both steps at once: <paramref name="passkey"/> has just been verified against its challenge, with user verification. A lock by wrong
    /// passphrases does not hold a passkey's owner up; a lock by an administrator does.
    /// </summary>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task CompletePasskeyAsync(Guid userId, UserPasskeyInfo passkey, Actor visitor, CancellationToken ct)
    {
        var admitted = await scopes.InAccountWorkAsync(async work =>
        {
            var user = await work.GetUserAsync(userId, ct);
            if (!user.EmailConfirmed || user.IsLockedByAdministrator || !passkey.IsUserVerified)
            {
                await NoteRefusalAsync(work, user, user.IsLockedByAdministrator ? "locked" : "passkey not accepted", visitor, ct);
                return false;
            }

            await work.Users.AddOrUpdatePasskeyAsync(user, passkey); // its signature counter
            await LetInAsync(work, user, $"passkey {passkey.Name}", visitor, ct);
            return true;
        });
        if (!admitted) throw SignInErrors.PasskeyRefused();
    }

    /// <summary>Ends the session, whose cookie the door removes.</summary>
    public async Task SignOutAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Id is not { } userId) return;
        await using var work = scopes.BeginAccountWork();
        work.Db.AuditRecords.Add(AuditRecord.Of(AuditAction.SignedOut, actor, "user", userId, clock.GetUtcNow()));
        await work.Db.SaveChangesAsync(ct);
        await work.Db.UserSessions.Where(session => session.Id == actor.SessionId).ExecuteDeleteAsync(ct);
    }

    private async Task SecondStepAsync(
        Guid userId, string what, string how, Func<AccountWork, PortalUser, Task<bool>> take, Actor visitor, CancellationToken ct)
    {
        using var attempt = check.BeginAttempt(visitor);
        var admitted = await scopes.InAccountWorkAsync(async work =>
        {
            var user = await work.GetUserAsync(userId, ct);
            if (user.IsLockedOut(clock.GetUtcNow()) || !await take(work, user))
            {
                await check.RecordFailureAsync(work, user, $"wrong {what}", visitor, ct);
                return false;
            }

            await LetInAsync(work, user, how, visitor, ct);
            return true;
        });
        if (!admitted) throw SignInErrors.CodeRefused();
        attempt.Succeed();
    }

    private async Task LetInAsync(AccountWork work, PortalUser user, string how, Actor visitor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        (user.AccessFailedCount, user.LastSignInAt) = (0, now);
        work.Db.AuditRecords.Add(AuditRecord.Of(AuditAction.SignedIn, Named(visitor, user), "user", user.Id, now, how));
        await work.SaveAsync(user, ct);
    }

    private async Task NoteRefusalAsync(AccountWork work, PortalUser user, string reason, Actor visitor, CancellationToken ct)
    {
        work.Db.AuditRecords.Add(AuditRecord.Of(AuditAction.SignInFailed, visitor, "user", user.Id, clock.GetUtcNow(), reason));
        await work.Db.SaveChangesAsync(ct);
    }

    private static Actor Named(Actor visitor, PortalUser user) => new(user.Id, user.UserName!, []) { Address = visitor.Address };
}
