using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>RFC 9773 4: when a certificate should be renewed. Asked without authentication, and often: by every client, twice a day.</summary>
public sealed class RenewalInfoService(IDbContextFactory<PortalDbContext> contexts, CertificateIds ids, MassEventService events)
{
    /// <summary>RFC 9773 4.3: between the extremes, so that a shifted window is seen within hours.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromHours(6);

    /// <exception cref="AcmeException">404: no certificate of ours.</exception>
    public async Task<RenewalWindow> GetAsync(string certificateId, CancellationToken ct)
    {
        var serial = ids.Read(certificateId) ?? throw AcmeErrors.NotFound();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var found = await db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.SerialNumber == serial && certificate.Issuer == Issuers.Servers)
            .Select(certificate => new { certificate.NotBefore, certificate.NotAfter, certificate.IssuedAt, certificate.RevokedAt, certificate.Profile, certificate.Names, certificate.SourceKey })
            .FirstOrDefaultAsync(ct) ?? throw AcmeErrors.NotFound();
        return RenewalWindow.For(found.NotBefore, found.NotAfter, found.RevokedAt, await events.FindAsync(found.IssuedAt, found.Profile, found.Names, found.SourceKey, ct));
    }
}
