using System.Net;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Star;

/// <summary>Finds what is at a star-certificate URL, and counts who takes it.</summary>
public sealed class StarFetch(StarShelf shelf, FetchCounter counter, FetchGuesses guesses, StarMetrics metrics, TimeProvider clock)
{
    /// <returns>Null: this node has not seen an order of this id. There may be one.</returns>
    internal ValueTask<PublishedCertificate?> FindKnownAsync(Guid fetchId, CancellationToken ct) => shelf.Knows(fetchId) ? shelf.FindAsync(fetchId, ct) : default;

    /// <returns>Null: no order has this id.</returns>
    /// <exception cref="AcmeException">rateLimited: this address has asked for too many ids that no order has.</exception>
    internal async ValueTask<PublishedCertificate?> FindAsync(Guid fetchId, IPAddress? from, CancellationToken ct)
    {
        if (!shelf.Knows(fetchId)) guesses.RequireRoom(from);
        var found = await shelf.FindAsync(fetchId, ct);
        if (found is null) guesses.Count(from);
        return found;
    }

    /// <exception cref="AcmeException">404; as <see cref="FindAsync"/>.</exception>
    internal async ValueTask<PublishedCertificate> GetAsync(string fetchId, IPAddress? from, CancellationToken ct) =>
        AcmeLinks.TryParseId(fetchId, out var id) && await FindAsync(id, from, ct) is { } found ? found : throw AcmeErrors.NotFound();

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
        return found.AnswerAt(now);
    }
}
