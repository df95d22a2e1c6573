namespace StarPortal.Core.Acme;

/// <summary>When a certificate should be renewed (RFC 9773 4.2).</summary>
/// <param name="Start">Before <paramref name="End"/>.</param>
/// <param name="ExplanationUrl">A page that says why; null when there is nothing to say.</param>
public sealed record RenewalWindow(DateTimeOffset Start, DateTimeOffset End, string? ExplanationUrl)
{
    /// <summary>
    /// Once two thirds of its life are over, over the next tenth of it. RFC 9773 4.2: a window in the past says that it is to be renewed at once. What happens
    /// to a certificate moves its window forward, also within the usual one, and never back.
    /// </summary>
    public static RenewalWindow For(DateTimeOffset notBefore, DateTimeOffset notAfter, DateTimeOffset? revokedAt, AcmeMassEvent? massEvent)
    {
        var life = notAfter - notBefore;
        var start = notBefore + (life * 2 / 3);
        var usual = new RenewalWindow(start, start + (life / 10), null);
        if (revokedAt is { } revoked && revoked < usual.End) return new RenewalWindow(revoked - TimeSpan.FromHours(1), revoked, null);
        if (massEvent is null || massEvent.StartsAt >= usual.End) return usual;
        return new RenewalWindow(massEvent.StartsAt, massEvent.EndsAt < usual.End ? massEvent.EndsAt : usual.End, massEvent.ExplanationUrl);
    }
}
