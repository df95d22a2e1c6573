using System.Buffers.Text;
using System.Security.Cryptography;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>
/// An account's right to certificates for one identifier (RFC 8555 7.1.4), with its challenges. One challenge is tried at a time. As orders,
/// instances are shared snapshots and changed only as a <see cref="Copy"/>; status and revision are the concurrency tokens.
/// </summary>
public sealed class AcmeAuthorization
{
    /// <summary>Characters of <see cref="Trace"/> that are kept.</summary>
    internal const int MaxTrace = 4000;

    private AcmeIdentifier? identifier;

    private AcmeAuthorization()
    {
    }

    public Guid Id { get; private set; }

    public Guid AccountId { get; private set; }

    /// <summary><c>dns:example.org</c>, without <c>*.</c>.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Whether it is for <c>*.</c> and the name.</summary>
    public bool IsWildcard { get; private set; }

    public AcmeAuthorizationStatus Status { get; private set; }

    /// <summary>Counts changes: an outcome of an attempt that was overtaken is not recorded.</summary>
    public int Revision { get; private set; }

    /// <summary>Why no challenge is needed, in words; null when one is.</summary>
    public string? Waiver { get; private set; }

    /// <summary>256 random bits that the tokens of its challenges are made from, base64url.</summary>
    public string Seed { get; private set; } = "";

    /// <summary>The challenge that the client chose; null while it has not.</summary>
    public ChallengeType? Chosen { get; private set; }

    public int Attempts { get; private set; }

    /// <summary>When the next attempt is due; null when none is.</summary>
    public DateTimeOffset? DueAt { get; private set; }

    /// <summary>The node that is at it, until <see cref="LeasedUntil"/>.</summary>
    public string? LeasedBy { get; private set; }

    public DateTimeOffset? LeasedUntil { get; private set; }

    public DateTimeOffset? ValidatedAt { get; private set; }

    public AcmeProblemType? Problem { get; private set; }

    /// <summary>Of the last attempt that failed: what was asked, what came.</summary>
    public string? ProblemDetail { get; private set; }

    /// <summary>Of the last attempt: addresses and redirects, one a line.</summary>
    public string? Trace { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Pending: until when it has to be answered. Valid: how long it holds.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    public AcmeIdentifier Identifier => identifier ??= AcmeOrderText.ReadIdentifier(Name);

    /// <summary>Whether an attempt is under way or waits to be repeated.</summary>
    public bool IsProcessing => Status is AcmeAuthorizationStatus.Pending && DueAt is not null;

    /// <param name="accountId">Whose it is.</param>
    /// <param name="identifier">With its <c>*.</c>, if any.</param>
    /// <param name="lifetime">Until when it has to be answered.</param>
    /// <param name="now">The clock.</param>
    public static AcmeAuthorization Pend(Guid accountId, AcmeIdentifier identifier, TimeSpan lifetime, DateTimeOffset now)
    {
        var plain = identifier.WithoutWildcard();
        return new AcmeAuthorization
        {
            Id = Challenges.NewAuthorizationId(now), AccountId = accountId, Name = plain.ToString(), IsWildcard = identifier.IsWildcard, identifier = plain,
            Seed = SecureTokens.NewToken(), CreatedAt = now, ExpiresAt = now + lifetime,
        };
    }

    /// <summary>RFC 8555 7.4.1: valid at once, since the portal knows already that the account may.</summary>
    public static AcmeAuthorization Grant(Guid accountId, AcmeIdentifier identifier, string waiver, TimeSpan lifetime, DateTimeOffset now)
    {
        var authorization = Pend(accountId, identifier, lifetime, now);
        (authorization.Status, authorization.Waiver, authorization.ValidatedAt) = (AcmeAuthorizationStatus.Valid, waiver, now);
        return authorization;
    }

    public AcmeAuthorization Copy() => (AcmeAuthorization)MemberwiseClone();

    public AcmeAuthorizationStatus StatusAt(DateTimeOffset now) =>
        Status is AcmeAuthorizationStatus.Pending or AcmeAuthorizationStatus.Valid && ExpiresAt <= now ? AcmeAuthorizationStatus.Expired : Status;

    /// <summary>RFC 8555 8: unique for each challenge; the SHA-256 of a secret of 256 bits and the kind.</summary>
    public string TokenOf(ChallengeType type) => Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes($"{Seed}:{type}")));

    /// <summary>The client says that it is prepared (RFC 8555 7.5.1), or asks to try again at once, or with another challenge.</summary>
    /// <param name="node">Takes the attempt.</param>
    public void Choose(ChallengeType type, string node, TimeSpan lease, DateTimeOffset now)
    {
        if (Status is not AcmeAuthorizationStatus.Pending) throw new InvalidOperationException($"Authorization {Id} is {Status}.");
        if (Chosen != type) (Attempts, Problem, ProblemDetail, Trace) = (0, null, null, null);
        (Chosen, DueAt) = (type, now);
        Lease(node, lease, now);
    }

    /// <summary>A node takes the attempt that is due.</summary>
    public void Lease(string node, TimeSpan lease, DateTimeOffset now)
    {
        if (DueAt is null) throw new InvalidOperationException($"Authorization {Id} awaits no attempt.");
        (LeasedBy, LeasedUntil) = (node, now + lease);
        Revision++;
    }

    public void Succeed(IEnumerable<string> trace, TimeSpan validFor, DateTimeOffset now)
    {
        EndAttempt(trace);
        (Status, ValidatedAt, ExpiresAt, DueAt, Problem, ProblemDetail) = (AcmeAuthorizationStatus.Valid, now, now + validFor, null, null, null);
    }

    /// <summary>RFC 8555 8.2: the attempt failed; it is repeated at <paramref name="retryAt"/>, or (null) all is over.</summary>
    public void Fail(AcmeProblemType problem, string detail, IEnumerable<string> trace, DateTimeOffset? retryAt)
    {
        EndAttempt(trace);
        (Problem, ProblemDetail, DueAt) = (problem, detail.Length > 1000 ? detail[..1000] : detail, retryAt);
        if (retryAt is null) Status = AcmeAuthorizationStatus.Invalid;
    }

    /// <summary>RFC 8555 7.5.2.</summary>
    public void Deactivate()
    {
        if (Status is not (AcmeAuthorizationStatus.Pending or AcmeAuthorizationStatus.Valid)) throw new InvalidOperationException($"Authorization {Id} is {Status}.");
        (Status, DueAt, LeasedBy, LeasedUntil) = (AcmeAuthorizationStatus.Deactivated, null, null, null);
        Revision++;
    }

    private void EndAttempt(IEnumerable<string> trace)
    {
        if (!IsProcessing) throw new InvalidOperationException($"Authorization {Id} awaits no attempt.");
        var text = string.Join('\n', trace);
        (Trace, LeasedBy, LeasedUntil) = (text.Length > MaxTrace ? text[..MaxTrace] : text, null, null);
        Attempts++;
        Revision++;
    }
}
