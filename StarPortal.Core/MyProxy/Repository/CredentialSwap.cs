using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// A person's new key and certificate, wherever the portal keeps the person's key: the one place that has to know all of them. What was there before goes on until
/// the caller's unit of work is saved, and not a moment longer; a key for download stays with its certificate, the older ones too.
/// </summary>
public sealed class CredentialSwap(CredentialStore store, PortalCredentials repository)
{
    /// <param name="db">The caller saves it.</param>
    /// <param name="user">Whose.</param>
    /// <param name="certificate">Issued by the same unit of work.</param>
    /// <param name="encryptedPkcs8">Its key, DER, under the person's passphrase.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="ct">Cancels.</param>
    public async Task AddAsync(PortalDbContext db, PortalUser user, IssuedCertificate certificate, byte[] encryptedPkcs8, Actor actor, CancellationToken ct)
    {
        store.Add(db, user.Id, certificate.Id, encryptedPkcs8, actor);
        await repository.AddAsync(db, user.UserName!, certificate, encryptedPkcs8, actor, ct);
    }
}
