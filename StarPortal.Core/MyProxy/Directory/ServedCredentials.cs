using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.MyProxy;

/// <summary>What another server is to have of the repository: what can be logged on to, and what is locked.</summary>
internal static class ServedCredentials
{
    public static IQueryable<StoredCredential> Of(PortalDbContext db, DateTimeOffset now)
    {
        var revoked = db.IssuedCertificates.Where(certificate => certificate.RevokedAt != null).Select(certificate => (Guid?)certificate.Id);
        return db.StoredCredentials.Where(credential => credential.NotAfter > now && (credential.CertificateId == null || !revoked.Contains(credential.CertificateId)));
    }
}
