namespace StarPortal.Core.Star;

/// <summary>What is at a star-certificate URL, as it was read a moment ago, with what stands against sending it.</summary>
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

    /// <summary>Null: none was issued, or it is no longer on record.</summary>
    public required ServedCertificate? Certificate { get; init; }

    /// <summary>When the next certificate is published; null: this one is the last.</summary>
    public required DateTimeOffset? NextAt { get; init; }

    /// <summary>RFC 8739 3.1.2, 3.3: whether it is published at this instant.</summary>
    /// <returns>autoRenewalCanceled, autoRenewalExpired; nothing yet; late. Null: it is.</returns>
    public Acme.AcmeException? FindRefusal(DateTimeOffset now) => Status switch
    {
        StarOrderStatus.Canceled => StarErrors.Canceled(),
        StarOrderStatus.Waiting => StarErrors.NothingYet(),
        StarOrderStatus.Active when now > EndDate => StarErrors.Expired(EndDate),
        StarOrderStatus.Active => now <= Certificate?.NotAfter ? null : StarErrors.Late(),
    };

    /// <summary>What is sent of a certificate that is published. RFC 8739 3.4: a cache gives it up when the next one is published, and before it ends.</summary>
    public StarCertificateAnswer AnswerAt(DateTimeOffset now)
    {
        var fresh = NextAt is not { } next ? long.MaxValue : next > now ? ServedCertificate.SecondsUntil(next, now) : SecondsWhileLate;
        return new StarCertificateAnswer(Certificate!, Certificate!.CacheControlAt(now, AllowsGet, fresh), IsDraft);
    }
}
