using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>
/// The look-up's own answers: from a certificate's serial number to its order's renewal URI, and from there to the current certificate. Only orders that anybody
/// may fetch are known to it; whatever else is asked for is the same 404.
/// </summary>
public sealed class RenewalLookup(IDbContextFactory<PortalDbContext> contexts, StarFetch fetch, AcmeLinks links, IOptions<PortalOptions> portal, IOptions<StarOptions> star)
{
    /// <summary>What a renewal URI begins with: the portal's outward host, the look-up's port.</summary>
    private readonly string root = $"https://{portal.Value.BaseUrl.Host}:{star.Value.LookupPort}/";

    /// <returns>The renewal id; null: no certificate of an order that anybody may fetch has this serial number.</returns>
    internal async Task<Guid?> FindRenewalIdAsync(SerialNumber serial, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var fetchable = db.StarOrders.Where(order => order.AllowCertificateGet);
        return await db.StarCertificates.Where(certificate => certificate.SerialNumber == serial)
            .Join(fetchable, certificate => certificate.OrderId, order => order.Id, (certificate, order) => (Guid?)order.FetchId).FirstOrDefaultAsync(ct);
    }

    /// <exception cref="AcmeException">404.</exception>
    internal async ValueTask<PublishedCertificate> GetAsync(Guid renewalId, IPAddress? from, CancellationToken ct) =>
        await fetch.FindAsync(renewalId, from, ct) is { AllowsGet: true, Status: not StarOrderStatus.Waiting } found ? found : throw AcmeErrors.NotFound();

    /// <summary>Where the certificate is as the seed knows it: at the look-up's own port, by a UUID.</summary>
    internal string RenewalUri(Guid renewalId) => $"{root}{renewalId:D}";

    /// <summary>Where it is as RFC 8739 knows it.</summary>
    internal string StarCertificate(Guid renewalId) => links.StarCertificate(renewalId);

    /// <summary>
    /// The prototype's server told the bare id, and its readers put <c>https://host:9898/</c> before what they are told. They come here with our URI as their path.
    /// </summary>
    internal string WithoutPrefix(string asked) => asked.StartsWith(root, StringComparison.OrdinalIgnoreCase) ? asked[root.Length..] : asked;
}
