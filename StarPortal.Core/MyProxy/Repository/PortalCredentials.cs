using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Puts the certificates that the portal issues into the repository, where their holders log on to them: under the person's user name, owned by the certificate's subject, so that
/// the person's own certificate is enough to see, change and remove it.
/// </summary>
public sealed class PortalCredentials(CredentialDeposit deposit, CertificateChains chains)
{
    /// <summary>Adds it to the caller's unit of work, in the place of the one before, whoever had put that there: user names of the portal are the portal's to give.</summary>
    /// <param name="db">The caller saves it.</param>
    /// <param name="userName">The person's.</param>
    /// <param name="certificate">Issued by the same unit of work, or before.</param>
    /// <param name="encryptedPkcs8">DER, under the person's passphrase: written anew, as logons need it, when that is first seen.</param>
    /// <param name="actor">Who had it stored.</param>
    /// <param name="ct">Cancels.</param>
    public Task<StoredCredential> AddAsync(PortalDbContext db, string userName, IssuedCertificate certificate, byte[] encryptedPkcs8, Actor actor, CancellationToken ct)
    {
        var content = CredentialChain.Read(new StoredKey(StoredKeyForm.Pkcs8, encryptedPkcs8), [certificate.Der, .. chains.Above(certificate).Select(issuer => issuer.RawData)])
            with { CertificateId = certificate.Id, UserId = certificate.UserId };
        var given = new NewCredential(CredentialKey.Parse(userName, ""), content.Subject, CredentialOrigin.Portal, content, Terms: null);
        return deposit.AddAsync(db, given, (action, credential, now) => MyProxyAudit.Of(action, actor, credential, now, $"valid until {credential.NotAfter:u}"), ct);
    }
}
