using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Acme;

/// <summary>
/// Forgets what nobody asks for any more: orders that came to nothing and authorizations that have ended, after a month; orders with a certificate
/// three months after its end. The certificates themselves and the audit log stay.
/// </summary>
internal sealed class OrderPruneJob(IDbContextFactory<PortalDbContext> contexts, IOptions<AcmeOptions> options, TimeProvider clock) : IPortalJob
{
    public string Name => "acme-prune";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var before = now - options.Value.KeepHistory;
        var authorizations = 0;
        foreach (var status in Enum.GetValues<AcmeAuthorizationStatus>()) // One at a time, by the index on state and expiry: every order would pay for another one.
            authorizations += await db.AcmeAuthorizations.Where(authorization => authorization.Status == status && authorization.ExpiresAt < before).ExecuteDeleteAsync(ct);
        var failed = await db.AcmeOrders.Where(order => order.Status == AcmeOrderStatus.Invalid && order.ExpiresAt < before).ExecuteDeleteAsync(ct);

        var endedBefore = now - (options.Value.KeepHistory * 3);
        var certificates = db.IssuedCertificates;
        var done = await db.AcmeOrders.Where(order => order.Status == AcmeOrderStatus.Valid && order.ExpiresAt < endedBefore && order.CertificateSerial != null
            && certificates.Any(certificate => certificate.SerialNumber == order.CertificateSerial && certificate.NotAfter < endedBefore)).ExecuteDeleteAsync(ct);
        return $"{failed + done} orders and {authorizations} authorizations forgotten";
    }
}
