using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Credentials;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// CHANGE_CRED_PASSPHRASE of a credential that the portal stored: it is the person's passphrase, so the key that is kept for download and signing in change with it, or
/// nothing does.
/// </summary>
public sealed class PersonPassphrase(IServiceScopeFactory scopes, PassphraseChange change, SignInPassphrases passphrases, PassphraseMails mails)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="userId">Whose credential it is; that the old passphrase opens it has been proved.</param>
    /// <exception cref="ServiceException">Invalid: the portal's policy refuses the new one; Unauthenticated: another change was faster; Conflict: locked.</exception>
    internal Task ChangeAsync(Guid userId, MyProxyRequest request, MyProxyClient client, CancellationToken ct)
    {
        var pair = new PassphrasePair(Read(request.Passphrase), Read(request.NewPassphrase));
        if (pair.Old == pair.New) throw MyProxyErrors.SamePassphrase();
        return scopes.InAccountWorkAsync(async work =>
        {
            var user = await work.GetUserAsync(userId, ct);
            await RequireOpenAsync(work, user, ct);
            passphrases.Require(pair.New, hint: null, [user.UserName!, user.FullName, user.Email!]);

            var actor = MyProxyAudit.ActorOf(client);
            var signsIn = user.PasswordHash is { } hash && passphrases.Matches(hash, pair.Old);
            var keys = signsIn
                ? await change.AddAsync(work.Db, user, pair, hint: null, actor, "by a MyProxy client", ct)
                : await change.AddKeysAsync(work.Db, userId, pair, actor, ct);
            if (!keys.Any(key => key.IsChanged)) throw MyProxyErrors.BadPassphrase();
            mails.AddChanged(work.Db, user, $"by a MyProxy client from {client.Address ?? "an unknown address"}");
            await work.SaveAsync(user, ct);
            return true;
        });
    }

    private static async Task RequireOpenAsync(AccountWork work, PortalUser user, CancellationToken ct)
    {
        var userId = user.Id;
        var locked = await work.Db.StoredCredentials.AsNoTracking().Where(credential => credential.UserId == userId && credential.LockMessage != null)
            .Select(credential => credential.LockMessage).FirstOrDefaultAsync(ct);
        if (locked is not null) throw MyProxyErrors.Locked(locked);
        if (user.IsLockedByAdministrator) throw MyProxyErrors.Locked("The account is locked.");
    }

    /// <summary>Signing in takes characters: what is none could never be typed there.</summary>
    private static string Read(byte[] passphrase)
    {
        try
        {
            return Strict.GetString(passphrase);
        }
        catch (DecoderFallbackException)
        {
            throw MyProxyErrors.NotText();
        }
    }
}
