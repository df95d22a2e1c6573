namespace StarPortal.Core.Star;

/// <summary>The auto-renewal object of newOrder (RFC 8739 3.1.1), read and within what the server grants.</summary>
/// <param name="StartDate">Null: as soon as the order is finalized.</param>
/// <param name="Lifetime">Seconds.</param>
/// <param name="LifetimeAdjust">Seconds.</param>
/// <param name="AllowCertificateGet">Whether anybody who knows the URL may fetch.</param>
/// <param name="IsDraft">Asked for by the names of the drafts before RFC 8739, and told in them.</param>
public sealed record AskedRenewal(DateTimeOffset? StartDate, DateTimeOffset EndDate, long Lifetime, long LifetimeAdjust, bool AllowCertificateGet, bool IsDraft)
{
    /// <returns>With the lifetime shortened so that no certificate, padding included, is valid for longer than the profile says.</returns>
    public AskedRenewal FitTo(TimeSpan validity)
    {
        var most = (long)validity.TotalSeconds;
        if (Longest(Lifetime) <= most) return this;
        var (fits, tooLong) = (1L, Lifetime);
        while (tooLong - fits > 1)
        {
            var middle = fits + (tooLong - fits) / 2;
            if (Longest(middle) <= most) fits = middle;
            else tooLong = middle;
        }

        return this with { Lifetime = fits };
    }

    /// <summary>Validity of a certificate in the middle of the order, seconds; of an end or start that matter less, never more.</summary>
    private long Longest(long lifetime) => lifetime > long.MaxValue / 2 ? long.MaxValue : lifetime + AutoRenewal.PaddingOf(lifetime, LifetimeAdjust);
}
