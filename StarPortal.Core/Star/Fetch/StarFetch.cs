using System.Net;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Star;

/// <summary>Finds what is at a star-certificate URL, and counts who takes it.</summary>
public sealed class StarFetch(StarShelf shelf, FetchCounter counter, StarMetrics metrics, TimeProvider clock)
{
    /// <exception cref="AcmeException">404.</exception>
    internal async ValueTask<PublishedCertificate> GetAsync(string fetchId, CancellationToken ct) =>
        AcmeLinks.TryParseId(fetchId, out var id) && await FindAsync(id, ct) is { } found ? found : throw AcmeErrors.NotFound();

    /// <returns>Null: no order has this id.</returns>
    internal ValueTask<PublishedCertificate?> FindAsync(Guid fetchId, CancellationToken ct) => shelf.FindAsync(fetchId, ct);

    /// <exception cref="AcmeException">As <see cref="PublishedCertificate.GetPem"/>.</exception>
    internal StarCertificateAnswer Answer(PublishedCertificate found, IPAddress? from)
    {
        var now = clock.GetUtcNow();
        try
        {
            var answer = new StarCertificateAnswer(found, found.GetPem(now), found.CacheControlAt(now));
            counter.Count(found.OrderId, from?.ToString());
            metrics.CountFetch("ok");
            return answer;
        }
        catch (AcmeException refused)
        {
            metrics.CountFetch(refused.Type.Token);
            throw;
        }
    }
}
