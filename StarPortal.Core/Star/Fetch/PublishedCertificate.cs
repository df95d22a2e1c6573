namespace StarPortal.Core.Star;

/// <summary>What is at a star-certificate URL, as it was read a moment ago, with its headers written out.</summary>
internal sealed class PublishedCertificate
{
    /// <summary>How long a cache may keep a certificate whose successor is late.</summary>
    private const long SecondsWhileLate = 10;

    public required Guid OrderId { get; init; }

    public required Guid AccountId { get; init; }

    public required StarOrderStatus Status { get; init; }

    public required bool AllowsGet { get; init; }

    public required bool IsDraft { get; init; }

    public required DateTimeOffset EndDate { get; init; }

    /// <summary>The certificate with its chain; null: none was issued, or it is no longer on record.</summary>
    public required byte[]? Pem { get; init; }

    public required string ETag { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required string NotBeforeText { get; init; }

    public required string NotAfterText { get; init; }

    /// <summary>When the next certificate is published; null: this one is the last.</summary>
    public required DateTimeOffset? NextAt { get; init; }

    /// <summary>RFC 8739 3.1.2, 3.3: what is published at this instant.</summary>
    /// <exception cref="Acme.AcmeException">autoRenewalCanceled, autoRenewalExpired; nothing yet; late.</exception>
    public byte[] GetPem(DateTimeOffset now) => Status switch
    {
        StarOrderStatus.Canceled => throw StarErrors.Canceled(),
        StarOrderStatus.Waiting => throw StarErrors.NothingYet(),
        StarOrderStatus.Active when now > EndDate => throw StarErrors.Expired(EndDate),
        StarOrderStatus.Active => Pem is { } pem && now <= NotAfter ? pem : throw StarErrors.Late(),
    };

    /// <summary>RFC 8739 3.4: a cache gives it up when the next one is published, and before it ends.</summary>
    public string CacheControlAt(DateTimeOffset now)
    {
        var left = SecondsUntil(NotAfter, now);
        var fresh = NextAt is not { } next ? left : next > now ? Math.Min(left, SecondsUntil(next, now)) : Math.Min(left, SecondsWhileLate);
        return $"{(AllowsGet ? "public" : "private")}, must-revalidate, max-age={fresh}";
    }

    private static long SecondsUntil(DateTimeOffset then, DateTimeOffset now) => Math.Max(0, (then - now).Ticks / TimeSpan.TicksPerSecond);
}
