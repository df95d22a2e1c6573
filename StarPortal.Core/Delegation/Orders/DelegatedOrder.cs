using StarPortal.Core.Acme;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>By which door an order came.</summary>
public enum DelegatedOrderDoor
{
    /// <summary><c>POST /star/registration</c>.</summary>
    Registration,

    /// <summary>newOrder of the delegation directory (RFC 9115 2.3.2).</summary>
    Acme,
}

/// <summary>Stored states; what a client sees of them is the doors' affair.</summary>
public enum DelegatedOrderStatus
{
    /// <summary>Order1 waits for its CSR.</summary>
    Ready,

    /// <summary>A person has to approve.</summary>
    Waiting,

    /// <summary>The certificate is being had from the CA.</summary>
    Processing,

    /// <summary>Certificates are at <see cref="DelegatedOrder.CertificateUrl"/>.</summary>
    Valid,

    /// <summary>Stopped by the owner: no certificate comes any more.</summary>
    Canceled,

    Invalid,
}

/// <summary>
/// What a consumer asked for (Order1 of RFC 9115) and how far the CA has come with it (Order2). The status and the revision are concurrency tokens: of two
/// who change it at once, one has to look again.
/// </summary>
public sealed class DelegatedOrder
{
    public const int MaxIdempotencyKey = 200;

    private const int MaxText = 2_000;

    private DelegatedOrder()
    {
    }

    /// <summary>128 random bits: the completion URL is a capability for those who are anonymous.</summary>
    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid DelegationId { get; private set; }

    public Guid OwnerId { get; private set; }

    /// <summary>Null: anonymous.</summary>
    public Guid? ConsumerId { get; private set; }

    /// <summary>The ACME account that ordered; null: by registration.</summary>
    public Guid? AccountId { get; private set; }

    public DelegatedOrderDoor Door { get; private set; }

    public DelegatedOrderStatus Status { get; private set; }

    /// <summary>Grows with each change.</summary>
    public int Revision { get; private set; }

    /// <summary>The consumer's own key for this request; unique for a consumer, so that a repeated request is the same order.</summary>
    public string? IdempotencyKey { get; private set; }

    /// <summary>As <see cref="NameDelegation.Names"/>, those asked for.</summary>
    public string Names { get; private set; } = "";

    /// <summary>Whether certificates renew themselves (RFC 8739); else there is one.</summary>
    public bool IsStar { get; private set; }

    /// <summary>As asked for; null: at once.</summary>
    public DateTimeOffset? StartDate { get; private set; }

    /// <summary>Of a STAR order.</summary>
    public DateTimeOffset? EndDate { get; private set; }

    /// <summary>Of a registration, days: the end date is counted from its approval on.</summary>
    public int? Days { get; private set; }

    /// <summary>Of one certificate of a STAR order, seconds.</summary>
    public long Lifetime { get; private set; }

    /// <summary>Seconds.</summary>
    public long LifetimeAdjust { get; private set; }

    /// <summary>The owner's limit on one certificate's life when this was asked for, seconds; null: from before the limit was kept here.</summary>
    public long? LongestLife { get; private set; }

    /// <summary>Whether the CA lets anybody who knows the URL fetch, which delegation rests on (RFC 9115 2.3.2).</summary>
    public bool AllowsGet { get; private set; } = true;

    /// <summary>PKCS#10, DER: it was checked against the template, and is kept until the order is over (RFC 9115 2.2). Null: not finalized.</summary>
    public byte[]? Csr { get; private set; }

    /// <summary>SHA-256 of the CSR's SubjectPublicKeyInfo, lower-case hex.</summary>
    public string? KeyHash { get; private set; }

    /// <summary>As <see cref="NameDelegation.Upstream"/> was.</summary>
    public string Upstream { get; private set; } = "";

    /// <summary>Order2: what the CA knows it by.</summary>
    public string? UpstreamOrder { get; private set; }

    /// <summary>Where the certificate, or the current one, is.</summary>
    public string? CertificateUrl { get; private set; }

    /// <summary>Why it failed, for the consumer: nothing of the owner's affairs.</summary>
    public string? Reason { get; private set; }

    /// <summary>Of an order that failed: what ACME calls it (RFC 8555 6.7).</summary>
    public AcmeProblemType? Problem { get; private set; }

    /// <summary>What the CA last said, for the owner.</summary>
    public string? Detail { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Until then it has to be finalized, or approved, or to have its first certificate.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    public Guid? DecidedBy { get; private set; }

    public DateTimeOffset? ValidAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>When the worker looks at it next; null: nothing is to be done.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>The node that works on it until <see cref="DueAt"/>; null: nobody does.</summary>
    public string? LeasedBy { get; private set; }

    /// <summary>Attempts that failed since the last certificate.</summary>
    public int Failures { get; private set; }

    /// <summary>End of the last certificate, as far as this portal knows.</summary>
    public DateTimeOffset? LastNotAfter { get; private set; }

    /// <summary>Of certificates that this portal serves for another CA.</summary>
    public long Fetches { get; private set; }

    public DateTimeOffset? LastFetchAt { get; private set; }

    /// <summary>Network address.</summary>
    public string? LastFetchFrom { get; private set; }

    /// <summary>Canceled here, and the CA has not been told yet.</summary>
    public bool IsCancelPending { get; private set; }

    public IReadOnlyList<string> NameList => Names.Split('\n');

    /// <summary>Order1 of RFC 9115: it is ready at once, without authorizations.</summary>
    public static DelegatedOrder OfAcme(NameDelegation delegation, DelegatedTerms terms, Guid accountId, DateTimeOffset until, DateTimeOffset now)
    {
        var order = Of(delegation, terms, now);
        (order.Door, order.AccountId, order.ExpiresAt, order.DueAt) = (DelegatedOrderDoor.Acme, accountId, until, until);
        return order;
    }

    /// <summary>A registration brings its CSR along.</summary>
    public static DelegatedOrder OfRegistration(NameDelegation delegation, DelegatedTerms terms, string? idempotencyKey, DateTimeOffset now)
    {
        var order = Of(delegation, terms, now);
        (order.Door, order.IdempotencyKey) = (DelegatedOrderDoor.Registration, idempotencyKey);
        return order;
    }

    /// <summary>The CSR fits: a person has to approve, or the CA is asked.</summary>
    /// <param name="until">When it is given up.</param>
    public void Submit(byte[] csr, string keyHash, DelegationApproval approval, DateTimeOffset until, DateTimeOffset now)
    {
        Require(DelegatedOrderStatus.Ready);
        (Csr, KeyHash, ExpiresAt) = (csr, keyHash, until);
        if (approval is DelegationApproval.Person) Set(DelegatedOrderStatus.Waiting, until);
        else Begin(now);
    }

    /// <summary>A person approved.</summary>
    public void Approve(Guid? by, DateTimeOffset until, DateTimeOffset now)
    {
        Require(DelegatedOrderStatus.Waiting);
        (DecidedAt, DecidedBy, ExpiresAt) = (now, by, until);
        Begin(now);
    }

    /// <summary>A person refused.</summary>
    public void Refuse(string reason, Guid? by, DateTimeOffset now)
    {
        Require(DelegatedOrderStatus.Waiting);
        (DecidedAt, DecidedBy) = (now, by);
        Fail(AcmeProblemType.Unauthorized, reason, null, now);
    }

    /// <summary>Order2 is placed, as the CA grants it.</summary>
    /// <param name="due">When whoever works on it is given up for dead.</param>
    public void Place(UpstreamStep.Placed placed, DateTimeOffset due)
    {
        if (Status is not (DelegatedOrderStatus.Processing or DelegatedOrderStatus.Valid)) throw Wrong();
        (UpstreamOrder, Lifetime) = (placed.Order, placed.Lifetime ?? Lifetime);
        if (placed.EndDate is { } end && end < EndDate) (EndDate, Days) = (end, Days is { } days ? days - (int)Math.Ceiling((EndDate.Value - end).TotalDays) : null);
        (DueAt, Revision) = (due, Revision + 1); // Whoever placed it works on.
    }

    /// <summary>The CA has not come to an end: it is asked again then.</summary>
    /// <param name="detail">For the owner; null: nothing is wrong.</param>
    public void Await(DateTimeOffset again, string? detail)
    {
        if (Status is not (DelegatedOrderStatus.Processing or DelegatedOrderStatus.Valid or DelegatedOrderStatus.Canceled)) throw Wrong();
        (Detail, Failures) = (Shorten(detail), detail is null ? Failures : Failures + 1);
        Set(Status, again);
    }

    /// <summary>Order2 came to nothing; another one is placed then.</summary>
    public void TryAgain(DateTimeOffset again, string trouble)
    {
        UpstreamOrder = null;
        Await(again, trouble);
    }

    /// <summary>No further certificate is due.</summary>
    public void Rest()
    {
        Require(DelegatedOrderStatus.Valid);
        Set(Status, null);
    }

    /// <summary>Certificates are there.</summary>
    public void Complete(UpstreamStep.Issued issued, DateTimeOffset now)
    {
        if (Status is not (DelegatedOrderStatus.Processing or DelegatedOrderStatus.Valid)) throw Wrong();
        (CertificateUrl, LastNotAfter, ValidAt, Detail, Failures) = (issued.CertificateUrl, issued.NotAfter, ValidAt ?? now, null, 0);
        if (issued.IsKeptHere) (UpstreamOrder, Lifetime) = (null, IsStar ? issued.Lifetime ?? Lifetime : Lifetime);
        Set(DelegatedOrderStatus.Valid, issued.Next);
    }

    /// <param name="reason">For the consumer.</param>
    /// <param name="detail">For the owner.</param>
    public void Fail(AcmeProblemType problem, string reason, string? detail, DateTimeOffset now)
    {
        if (Status is DelegatedOrderStatus.Valid or DelegatedOrderStatus.Canceled or DelegatedOrderStatus.Invalid) throw Wrong();
        (Problem, Reason, Detail, EndedAt, Csr) = (problem, Shorten(reason), Shorten(detail), now, null);
        Set(DelegatedOrderStatus.Invalid, null);
    }

    /// <summary>The CA does not let anybody fetch: what it would issue could not be handed on (RFC 9115 2.3.2.1).</summary>
    public void FailForGet(string detail, DateTimeOffset now)
    {
        Fail(AcmeProblemType.Unauthorized, "The certificate authority does not let certificates be fetched without its account.", detail, now);
        AllowsGet = false;
    }

    /// <summary>The owner stops it: nothing is issued for it any more, and the CA is told as soon as it answers.</summary>
    public void Cancel(string reason, DateTimeOffset now)
    {
        if (Status is DelegatedOrderStatus.Canceled or DelegatedOrderStatus.Invalid) throw DelegationErrors.OrderOver();
        (Reason, EndedAt, IsCancelPending) = (Shorten(reason), now, UpstreamOrder is not null || CertificateUrl is not null);
        Set(DelegatedOrderStatus.Canceled, IsCancelPending ? CancelAt(now) : null);
    }

    /// <summary>Somebody may be at it, and have the certificate issued yet: whoever that is tells the CA, or is dead when the lease is over.</summary>
    private DateTimeOffset CancelAt(DateTimeOffset now) =>
        UpstreamOrder is not null && CertificateUrl is null && DueAt > now ? (DueAt < now + OrderLease.Length ? DueAt.Value : now + OrderLease.Length) : now;

    /// <summary>The CA knows that it is canceled.</summary>
    public void EndCancel()
    {
        Require(DelegatedOrderStatus.Canceled);
        (IsCancelPending, Detail, Csr) = (false, null, null);
        Set(DelegatedOrderStatus.Canceled, null);
    }

    /// <summary>A node works on it until then; whoever else wants to finds it not due.</summary>
    public void Lease(string node, DateTimeOffset until)
    {
        Set(Status, until);
        LeasedBy = node;
    }

    public bool IsOverAt(DateTimeOffset now) => Status is DelegatedOrderStatus.Canceled or DelegatedOrderStatus.Invalid || (Status is DelegatedOrderStatus.Valid && IsStar && EndDate <= now);

    private static DelegatedOrder Of(NameDelegation delegation, DelegatedTerms terms, DateTimeOffset now) => new()
    {
        DelegationId = delegation.Id, OwnerId = delegation.OwnerId, ConsumerId = delegation.ConsumerId, Upstream = delegation.Upstream, Names = string.Join('\n', terms.Names),
        IsStar = terms.IsStar, StartDate = terms.StartDate, EndDate = terms.EndDate, Days = terms.Days, Lifetime = terms.Lifetime, LifetimeAdjust = terms.LifetimeAdjust, LongestLife = delegation.MaxValidity * 3600L,
        CreatedAt = now,
    };

    private void Begin(DateTimeOffset now)
    {
        if (Days is { } days) EndDate = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds()).AddDays(days);
        Set(DelegatedOrderStatus.Processing, now);
    }

    private void Set(DelegatedOrderStatus status, DateTimeOffset? due) => (Status, DueAt, LeasedBy, Revision) = (status, due, null, Revision + 1);

    private void Require(DelegatedOrderStatus status)
    {
        if (Status != status) throw Wrong();
    }

    private InvalidOperationException Wrong() => new($"Delegated order {Id} is {Status}.");

    private static string? Shorten(string? text) => text is { Length: > MaxText } ? text[..MaxText] : text;
}

/// <summary>What is asked for, within the delegation's limits.</summary>
/// <param name="Names">As <see cref="DelegatedOrder.Names"/>.</param>
/// <param name="Lifetime">Of one certificate of a STAR order, seconds; 0 for an order that is none.</param>
public sealed record DelegatedTerms(IReadOnlyList<string> Names, long Lifetime)
{
    public bool IsStar => Lifetime > 0;

    public DateTimeOffset? StartDate { get; init; }

    public DateTimeOffset? EndDate { get; init; }

    /// <summary>As <see cref="DelegatedOrder.Days"/>.</summary>
    public int? Days { get; init; }

    /// <summary>Seconds.</summary>
    public long LifetimeAdjust { get; init; }
}
