using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>Puts keys away and takes them out again: still encrypted under the person's passphrase, never in the clear.</summary>
public sealed class CredentialStore(ServerKey serverKey, TimeProvider clock)
{
    /// <summary>Adds the key of a new certificate, and the audit record, to the caller's unit of work.</summary>
    /// <param name="db">The caller saves it.</param>
    /// <param name="userId">Whose it is.</param>
    /// <param name="certificateId">The certificate it belongs to.</param>
    /// <param name="encryptedPkcs8">DER, under the person's passphrase.</param>
    /// <param name="actor">Who had it stored.</param>
    public Credential Add(PortalDbContext db, Guid userId, Guid certificateId, byte[] encryptedPkcs8, Actor actor)
    {
        var now = clock.GetUtcNow();
        var credential = Credential.Store(userId, certificateId, serverKey.Seal(Purpose(certificateId), encryptedPkcs8), now);
        db.Credentials.Add(credential);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.CredentialStored, actor, "certificate", certificateId, now));
        return credential;
    }

    /// <returns>The encrypted PKCS#8, DER.</returns>
    public byte[] Open(Credential credential) => serverKey.Open(Purpose(credential.CertificateId), credential.SealedKey);

    /// <summary>Puts the key under another passphrase, in the unit of work that tracks it.</summary>
    /// <returns>False: it does not lie under the old one; it stays as it is.</returns>
    internal bool TryChange(Credential credential, PassphrasePair passphrases)
    {
        try
        {
            using var key = ProtectedKeys.Open(Open(credential), passphrases.Old);
            credential.ChangeKey(serverKey.Seal(Purpose(credential.CertificateId), ProtectedKeys.Encrypt(key, passphrases.New)));
            return true;
        }
        catch (ServiceException error) when (error.Kind is ErrorKind.Invalid)
        {
            return false;
        }
    }

    /// <summary>Bound to the certificate: a row swapped in from another person does not open.</summary>
    private static string Purpose(Guid certificateId) => $"credential:{certificateId:N}";
}
