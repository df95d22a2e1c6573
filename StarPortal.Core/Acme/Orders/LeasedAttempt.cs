namespace StarPortal.Core.Acme;

/// <summary>An attempt that this node has leased.</summary>
/// <param name="Thumbprint">Of the account's key, as far as it is known already; null: it is looked up.</param>
/// <param name="Choice">What the lease is part of, while that is not on record; null: it is.</param>
public sealed record LeasedAttempt(AcmeAuthorization Authorization, string? Thumbprint, ChallengeChoice? Choice = null);
