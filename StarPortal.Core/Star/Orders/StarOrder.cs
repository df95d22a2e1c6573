using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>
/// What makes an ACME order a STAR order (RFC 8739), under the same id: its schedule, what renewing needs, and how far it has come. The next slot
/// and the status are the concurrency tokens, so that a slot is issued once, whoever tries, and none after a cancellation.
/// </summary>
public sealed class StarOrder
{
    private AutoRenewal? schedule;

    private StarOrder()
    {
    }

    /// <summary>As <see cref="AcmeOrder.Id"/>.</summary>
    public Guid Id { get; private set; }

    public Guid AccountId { get; private set; }

    /// <summary>128 random bits that whoever fetches has to know (RFC 8739 6.3).</summary>
    public Guid FetchId { get; private set; }

    public StarOrderStatus Status { get; private set; }

    /// <summary>As <see cref="AcmeOrder.Names"/>.</summary>
    public string Names { get; private set; } = "";

    /// <summary>Name of the issuance profile.</summary>
    public string Profile { get; private set; } = "";

    /// <summary>As asked for; null: as soon as it is finalized.</summary>
    public DateTimeOffset? StartDate { get; private set; }

    /// <summary>When the first certificate begins; null: not finalized.</summary>
    public DateTimeOffset? StartsAt { get; private set; }

    public DateTimeOffset EndDate { get; private set; }

    /// <summary>Seconds.</summary>
    public long Lifetime { get; private set; }

    /// <summary>Seconds, as asked for.</summary>
    public long LifetimeAdjust { get; private set; }

    public bool AllowCertificateGet { get; private set; }

    public bool IsDraft { get; private set; }

    /// <summary>SHA-256 of the certified key's SubjectPublicKeyInfo, lower-case hex.</summary>
    public string? KeyHash { get; private set; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[]? PublicKeyInfo { get; private set; }

    /// <summary>For each name the challenge that it was validated by, or empty where none was needed; one a line.</summary>
    public string? Grants { get; private set; }

    /// <summary>As <see cref="CertificateBody.Issuer"/>.</summary>
    public string? Issuer { get; private set; }

    /// <summary>As <see cref="CertificateBody.Encoded"/>.</summary>
    public byte[]? Body { get; private set; }

    /// <summary>As <see cref="CertificateBody.MadeBy"/>.</summary>
    public string? BodyMadeBy { get; private set; }

    /// <summary>The slot to be issued next: all before are.</summary>
    public long NextSlot { get; private set; }

    /// <summary>When the next slot is issued, or tried again; null: none is to come.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>Why renewals stand still, in words; null: they don't.</summary>
    public string? Trouble { get; private set; }

    public DateTimeOffset? TroubleSince { get; private set; }

    /// <summary>When the last certificate that was issued ends.</summary>
    public DateTimeOffset? LastNotAfter { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? CanceledAt { get; private set; }

    public string? CancelReason { get; private set; }

    /// <summary>How often a certificate was fetched, up to the last few seconds.</summary>
    public long Fetches { get; private set; }

    public DateTimeOffset? LastFetchAt { get; private set; }

    /// <summary>Network address.</summary>
    public string? LastFetchFrom { get; private set; }

    /// <summary>Null: not finalized.</summary>
    public AutoRenewal? Schedule => schedule ??= StartsAt is { } start ? new AutoRenewal(start, EndDate, Lifetime, LifetimeAdjust) : null;

    public IReadOnlyList<AcmeIdentifier> Identifiers => [.. Names.Split('\n').Select(AcmeOrderText.ReadIdentifier)];

    internal CertificateBody? CertificateBody => Issuer is null || Body is null || BodyMadeBy is null ? null : new CertificateBody(Issuer, Body, BodyMadeBy);

    public static StarOrder Of(AcmeOrder order, AskedRenewal asked) => new()
    {
        Id = order.Id, AccountId = order.AccountId, FetchId = SecureTokens.NewId(), Names = order.Names, Profile = order.Profile, StartDate = asked.StartDate, EndDate = asked.EndDate,
        Lifetime = asked.Lifetime, LifetimeAdjust = asked.LifetimeAdjust, AllowCertificateGet = asked.AllowCertificateGet, IsDraft = asked.IsDraft, CreatedAt = order.CreatedAt,
    };

    public StarOrder Copy() => (StarOrder)MemberwiseClone();

    /// <summary>The order is finalized: the schedule stands, and its first certificate is issued in the same unit of work.</summary>
    /// <param name="grants">As <see cref="Grants"/>.</param>
    public void Begin(SigningRequest request, CertificateBody body, IEnumerable<string> grants, DateTimeOffset now)
    {
        if (Status is not StarOrderStatus.Waiting) throw new InvalidOperationException($"STAR order {Id} is {Status}.");
        var start = StartDate is { } asked && asked > now ? asked : DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        (Status, StartsAt, schedule) = (StarOrderStatus.Active, start, null);
        (KeyHash, PublicKeyInfo, Grants) = (request.KeyHash, request.PublicKeyInfo, string.Join('\n', grants));
        ChangeBody(body);
        Advance(0);
    }

    /// <summary>The certificate body was made anew, since the authority or the profile changed.</summary>
    public void ChangeBody(CertificateBody body) => (Issuer, Body, BodyMadeBy) = (body.Issuer, body.Encoded, body.MadeBy);

    /// <summary>The slots from the next one up to this one are issued, in the same unit of work.</summary>
    public void Advance(long slot)
    {
        if (Status is not StarOrderStatus.Active || Schedule is not { } plan || slot < NextSlot) throw new InvalidOperationException($"STAR order {Id} is {Status} at slot {NextSlot}.");
        (NextSlot, LastNotAfter, Trouble, TroubleSince) = (slot + 1, plan[slot].NotAfter, null, null);
        AwaitNext();
    }

    /// <summary>Nothing is to be done until the next slot begins.</summary>
    public void AwaitNext() => DueAt = Schedule is { } plan && NextSlot < plan.SlotCount ? plan[NextSlot].NotBefore : null;

    /// <summary>The next certificate could not be issued: it is tried again.</summary>
    public void Delay(string trouble, DateTimeOffset again, DateTimeOffset now)
    {
        if (Status is not StarOrderStatus.Active) throw new InvalidOperationException($"STAR order {Id} is {Status}.");
        (Trouble, TroubleSince, DueAt) = (trouble.Length > 1000 ? trouble[..1000] : trouble, TroubleSince ?? now, again);
    }

    /// <summary>RFC 8739 3.1.2. What is issued stays usable until it ends.</summary>
    public void Cancel(string reason, DateTimeOffset now)
    {
        if (Status is not StarOrderStatus.Active) throw new InvalidOperationException($"STAR order {Id} is {Status}.");
        (Status, CanceledAt, CancelReason, DueAt, Trouble, TroubleSince) = (StarOrderStatus.Canceled, now, reason.Length > 1000 ? reason[..1000] : reason, null, null, null);
    }

    public bool IsOverAt(DateTimeOffset now) => Status is StarOrderStatus.Canceled || EndDate <= now;
}
