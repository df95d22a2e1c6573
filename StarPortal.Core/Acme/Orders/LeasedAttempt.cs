namespace StarPortal.Core.Acme;

/// <summary>An attempt that this node has leased.</summary>
/// <param name="Thumbprint">Of the account's key, as far as it is known already; null: it is looked up.</param>
public sealed record LeasedAttempt(AcmeAuthorization Authorization, string? Thumbprint);
