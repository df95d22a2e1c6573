using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>
/// A person changes the passphrase: signing in, the keys that are kept here and the MyProxy credential together, or nothing of it. Whoever does not know the present one
/// is told the same, whoever they ask about, after the same work; wrong tries count as they do at sign-in.
/// </summary>
public sealed class PassphraseService(
    IServiceScopeFactory scopes, PassphraseCheck check, PassphraseChange change, SignInPassphrases passphrases, PassphraseMails mails)
{
    /// <exception cref="ServiceException">
    /// Invalid, beside a field; Unauthenticated, one answer for every reason; TooMany; Forbidden: the account has a second factor, and the session was not opened with it.
    /// </exception>
    public async Task<PassphraseChanged> ChangeAsync(ChangePassphraseForm form, Actor visitor, CancellationToken ct)
    {
        var pair = form.Require(passphrases);
        using var attempt = check.BeginAttempt(visitor);
        var changed = await scopes.InAccountWorkAsync(async work =>
        {
            var user = await work.FindByNameAsync(form.UserName!, ct);
            if (!check.Judge(user, pair.Old, out var reason))
            {
                await check.RecordFailureAsync(work, user, reason, visitor, ct);
                return null;
            }

            return user!.EmailConfirmed ? await ChangeAsync(work, user, pair, form.Hint, visitor, ct) : null;
        });
        if (changed is null) throw CredentialErrors.ChangeRefused();
        attempt.Succeed();
        return changed;
    }

    /// <summary>Of two changes at once, or a change and a logon that writes the key anew, the second starts over with what is true then.</summary>
    private async Task<PassphraseChanged> ChangeAsync(AccountWork work, PortalUser user, PassphrasePair pair, string? hint, Actor visitor, CancellationToken ct)
    {
        var isProven = visitor.Id == user.Id && visitor.HasSecondFactor;
        if (!isProven && await work.HasSecondFactorAsync(user)) throw SignInErrors.NeedsProvenSession();
        passphrases.Require(pair.New, hint, [user.UserName!, user.FullName, user.Email!]);

        var actor = new Actor(user.Id, user.UserName!, []) { Address = visitor.Address };
        var keys = await change.AddAsync(work.Db, user, pair, hint, actor, "in the portal", ct);
        mails.AddChanged(work.Db, user, "on the page “Change passphrase”");
        await work.SaveAsync(user, ct);
        return new PassphraseChanged(user.Id, keys);
    }
}
