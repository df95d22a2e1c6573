using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>A challenge that the portal has to meet at an upstream.</summary>
/// <param name="Identifier">Without <c>*.</c>.</param>
/// <param name="Token">base64url.</param>
/// <param name="KeyAuthorization">RFC 8555 8.1.</param>
/// <param name="ExpiresAt">When nobody asks for it any more, whatever happens.</param>
public sealed record ChallengeTask(AcmeIdentifier Identifier, string Token, string KeyAuthorization, DateTimeOffset ExpiresAt)
{
    /// <summary>What a TXT record has to hold for dns-01 (RFC 8555 8.4).</summary>
    public string TextValue => TextChallenge.ExpectedFor(KeyAuthorization);
}
