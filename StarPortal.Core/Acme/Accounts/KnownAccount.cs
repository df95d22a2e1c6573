namespace StarPortal.Core.Acme;

/// <summary>An account as it was read a moment ago, with its key ready to verify.</summary>
internal sealed record KnownAccount(AcmeAccount Account, ExternalAccountKey? Binding, AcmeJwk Key, DateTimeOffset FreshUntil);
