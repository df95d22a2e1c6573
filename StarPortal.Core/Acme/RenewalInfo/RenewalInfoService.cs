using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>RFC 9773 4: when a certificate should be renewed. Asked without authentication, and often: by every client, twice a day.</summary>
public sealed class RenewalInfoService(IDbContextFactory<PortalDbContext> contexts, CertificateIds ids, MassEventService events, TimeProvider clock)
{
    /// <summary>RFC 9773 4.3: between the extremes, so that a shifted window is seen within hours.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromHours(6);

    /// <exception cref="AcmeException">404: no certificate of ours.</exception>
    public async Task<RenewalWindow> GetAsync(string certificateId, CancellationToken ct)
    {
        var (window, _) = await FindAsync(certificateId, ct) ?? throw AcmeErrors.NotFound();
        return window;
    }

    /// <summary>
    /// Whether the window has begun and the certificate not ended. Whoever comes after the window was asked to come as well: a client that was down, or any
    /// client when the certificate was revoked (RFC 9773 4.2: a window in the past is for at once).
    /// </summary>
    public async Task<bool> IsDueAsync(string certificateId, CancellationToken ct) =>
        await FindAsync(certificateId, ct) is var (window, notAfter) && clock.GetUtcNow() is var now && now >= window.Start && now < notAfter;

    private async Task<(RenewalWindow Window, DateTimeOffset NotAfter)?> FindAsync(string certificateId, CancellationToken ct)
    {
        if (ids.Read(certificateId) is not { } serial) return null;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var found = await db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.SerialNumber == serial && certificate.Issuer == Issuers.Servers)
            .Select(certificate => new { certificate.NotBefore, certificate.NotAfter, certificate.IssuedAt, certificate.RevokedAt, certificate.Profile, certificate.Names, certificate.SourceKey })
            .FirstOrDefaultAsync(ct);
        if (found is null) return null;
        var massEvent = await events.FindAsync(found.IssuedAt, found.Profile, found.Names, found.SourceKey, ct);
        return (RenewalWindow.For(found.NotBefore, found.NotAfter, found.RevokedAt, massEvent), found.NotAfter);
    }
}
