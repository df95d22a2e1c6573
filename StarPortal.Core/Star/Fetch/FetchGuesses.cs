using System.Net;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Star;

/// <summary>
/// Who asks for ids that no order has. 128 bits are not guessed (RFC 8739 6.3), but each try asks the database, and what this node has seen already does
/// not: so only the former are counted by address, and refused past a limit. In memory, per node.
/// </summary>
public sealed class FetchGuesses(TimeProvider clock)
{
    public const int PerMinute = 100;

    private readonly AcmeBuckets buckets = new(new AcmeLimit(PerMinute, TimeSpan.FromMinutes(1)), 10_000);

    /// <exception cref="AcmeException">rateLimited.</exception>
    internal void RequireRoom(IPAddress? from)
    {
        if (buckets.Peek(Key(from), clock.GetUtcNow()) is { } wait) throw StarErrors.GuessedTooOften(wait);
    }

    internal void Count(IPAddress? from) => buckets.Take(Key(from), clock.GetUtcNow());

    private static string Key(IPAddress? from) => AcmeBuckets.KeyOf(from?.ToString());
}
