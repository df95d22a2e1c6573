namespace StarPortal.Core.Acme;

/// <summary>What the server decided about an order.</summary>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Profile">Name of the issuance profile.</param>
/// <param name="Lifetime">How long it waits to be finalized.</param>
public sealed record AcmeOrderTerms(Guid AccountId, string Profile, TimeSpan Lifetime);
