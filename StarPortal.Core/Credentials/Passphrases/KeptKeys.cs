using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Credentials;

/// <summary>The keys that are kept for download, those of certificates that have ended among them: old mail is read with them.</summary>
internal sealed class KeptKeys(CredentialStore store, TimeProvider clock) : IPassphraseKeys
{
    public async Task<IReadOnlyList<KeyChange>> ChangeAsync(PortalDbContext db, Guid userId, PassphrasePair passphrases, Actor actor, CancellationToken ct)
    {
        var certificates = db.IssuedCertificates;
        var own = await db.Credentials.Where(credential => credential.UserId == userId)
            .Join(certificates, credential => credential.CertificateId, certificate => certificate.Id, (credential, certificate) => new { Credential = credential, Certificate = certificate })
            .OrderByDescending(row => row.Certificate.NotBefore).ToListAsync(ct);
        return [.. own.Select(row => new KeyChange(Describe(row.Certificate), Change(db, row.Credential, passphrases, actor)))];
    }

    private bool Change(PortalDbContext db, Credential credential, PassphrasePair passphrases, Actor actor)
    {
        if (!store.TryChange(credential, passphrases)) return false;
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.CredentialPassphraseChanged, actor, "certificate", credential.CertificateId, clock.GetUtcNow()));
        return true;
    }

    private static string Describe(IssuedCertificate certificate) => string.Create(
        CultureInfo.InvariantCulture, $"The key of certificate {certificate.SerialNumber.ToString()[..8]}, valid until {certificate.NotAfter.UtcDateTime:d MMMM yyyy}");
}
