using System.Net;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Star;

/// <summary>Finds what is at a star-certificate URL, and counts who takes it.</summary>
public sealed class StarFetch(StarShelf shelf, FetchCounter counter, StarMetrics metrics, TimeProvider clock)
{
    /// <returns>Null: no order has this id.</returns>
    internal ValueTask<PublishedCertificate?> FindAsync(Guid fetchId, CancellationToken ct) => shelf.FindAsync(fetchId, ct);

    /// <exception cref="AcmeException">404.</exception>
    internal async ValueTask<PublishedCertificate> GetAsync(string fetchId, CancellationToken ct) =>
        AcmeLinks.TryParseId(fetchId, out var id) && await FindAsync(id, ct) is { } found ? found : throw AcmeErrors.NotFound();

    /// <exception cref="AcmeException">As <see cref="PublishedCertificate.FindRefusal"/> says.</exception>
    internal StarCertificateAnswer Answer(PublishedCertificate found, IPAddress? from)
    {
        if (TryAnswer(found, from) is { } answer) return answer;
        var refusal = found.FindRefusal(clock.GetUtcNow()) ?? StarErrors.Late();
        metrics.CountFetch(refusal.Type.Token);
        throw refusal;
    }

    /// <returns>Null: it is refused.</returns>
    internal StarCertificateAnswer? TryAnswer(PublishedCertificate found, IPAddress? from)
    {
        var now = clock.GetUtcNow();
        if (found.FindRefusal(now) is not null) return null;
        counter.Count(found.OrderId, from);
        metrics.CountFetch("ok");
        return new StarCertificateAnswer(found, found.CacheControlAt(now));
    }
}
