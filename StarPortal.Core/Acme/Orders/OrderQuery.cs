using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>What a list of orders shows.</summary>
/// <param name="Text">Part of a name; null: any.</param>
/// <param name="Status">As stored: Pending stands for all that are open.</param>
/// <param name="Page">From 1.</param>
public sealed record OrderQuery(string? Text = null, AcmeOrderStatus? Status = null, Guid? AccountId = null, int Page = 1)
{
    /// <summary>Of the reader's own accounts alone, whatever else the reader may see.</summary>
    public bool IsOwn { get; init; }
}

/// <summary>An order in a list.</summary>
/// <param name="Reason">Why it failed or what it waits for, in plain words; empty when there is nothing to say.</param>
public sealed record OrderRow(
    Guid Id, Guid AccountId, IReadOnlyList<string> Names, string Profile, AcmeOrderStatus Status, string Reason, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, SerialNumber? Certificate);

/// <summary>A page of a list, and whether there are more.</summary>
public sealed record OrderPage(IReadOnlyList<OrderRow> Rows, bool HasMore);

/// <summary>An authorization as people look at it.</summary>
/// <param name="Reason">What the validator asked and what it got, or what is awaited.</param>
/// <param name="Trace">Addresses and redirects of the last attempt.</param>
/// <param name="Challenges">Those that are offered while it waits; afterwards the one that was tried.</param>
public sealed record AuthorizationRow(
    Guid Id, string Name, AcmeAuthorizationStatus Status, ChallengeType? Challenge, int Attempts, DateTimeOffset? NextAttemptAt, string Reason, IReadOnlyList<string> Trace, IReadOnlyList<ChallengeRow> Challenges, DateTimeOffset ExpiresAt);

/// <param name="Status">As on the wire: pending, processing, valid or invalid.</param>
public sealed record ChallengeRow(ChallengeType Type, string Status);

/// <summary>An order with all that is known of it.</summary>
/// <param name="Refusals">Signing requests that it was refused a certificate for, the last one first.</param>
public sealed record OrderDetails(OrderRow Order, IReadOnlyList<AuthorizationRow> Authorizations, string? Replaces, IReadOnlyList<FinalizeRefusal> Refusals);
