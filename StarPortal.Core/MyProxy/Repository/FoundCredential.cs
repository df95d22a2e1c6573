using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.MyProxy;

/// <summary>What the database knows of a credential as somebody asks for it.</summary>
/// <param name="Credential">Null: there is none.</param>
/// <param name="RevokedAt">When the certificate in it was revoked that is one of ours.</param>
/// <param name="Attempts">Wrong passphrases for the user name; null: none.</param>
internal sealed record FoundCredential(StoredCredential? Credential, DateTimeOffset? RevokedAt, LogonAttempts? Attempts)
{
    private static readonly CompiledQuery<string, string, FoundCredential> Query = new((db, nameHash, userHash) =>
        db.Set<StoredCredential>().AsNoTracking().Where(credential => credential.NameHash == nameHash)
            .LeftJoin(db.Set<IssuedCertificate>(), credential => credential.CertificateId, certificate => certificate.Id, (credential, certificate) => new { Credential = credential, RevokedAt = (DateTimeOffset?)certificate!.RevokedAt })
            .LeftJoin(db.Set<LogonAttempts>(), found => found.Credential.UserHash, attempts => attempts.UserHash, (found, attempts) => new FoundCredential(found.Credential, found.RevokedAt, attempts)));

    public static async Task<FoundCredential> ReadAsync(PortalDbContext db, CredentialKey key, CancellationToken ct)
    {
        var userHash = key.UserHash;
        if (await Query.ListAsync(db, key.Hash, userHash, ct) is [var found]) return found;
        return new FoundCredential(null, null, await db.LogonAttempts.AsNoTracking().SingleOrDefaultAsync(attempts => attempts.UserHash == userHash, ct));
    }
}
