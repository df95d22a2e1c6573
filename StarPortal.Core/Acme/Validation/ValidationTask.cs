namespace StarPortal.Core.Acme;

/// <summary>What a validator needs to know.</summary>
/// <param name="Identifier">Without a wildcard's <c>*.</c></param>
/// <param name="KeyAuthorization">RFC 8555 8.1: token, dot, thumbprint of the account's key.</param>
public sealed record ValidationTask(AcmeIdentifier Identifier, bool IsWildcard, string Token, string KeyAuthorization, string AccountUrl);
