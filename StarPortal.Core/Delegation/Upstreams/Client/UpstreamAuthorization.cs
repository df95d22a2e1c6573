using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>RFC 8555 7.1.4.</summary>
public sealed record UpstreamAuthorization(Uri Url, AcmeAuthorizationStatus Status, AcmeIdentifier Identifier, bool IsWildcard)
{
    /// <summary>Of the types that the portal knows; others are left out.</summary>
    public required IReadOnlyList<UpstreamChallenge> Challenges { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When to ask again, by the answer's Retry-After.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Why it is invalid: what its challenges say.</summary>
    public UpstreamProblem? Error => Challenges.Select(challenge => challenge.Error).FirstOrDefault(error => error is not null);

    internal static UpstreamAuthorization Of(Uri url, UpstreamAnswer answer, UpstreamUrls urls)
    {
        var authorization = UpstreamObject.Read(answer);
        return new UpstreamAuthorization(
            url, StatusOf(authorization.Text("status")), UpstreamOrder.IdentifierOf(authorization.Object("identifier")), authorization.Flag("wildcard"))
        {
            Challenges = [.. authorization.Objects("challenges").Select(challenge => UpstreamChallenge.Find(challenge, urls)).OfType<UpstreamChallenge>()],
            ExpiresAt = authorization.FindTime("expires"), RetryAt = answer.RetryAfter,
        };
    }

    private static AcmeAuthorizationStatus StatusOf(string token) => token switch
    {
        "pending" => AcmeAuthorizationStatus.Pending,
        "valid" => AcmeAuthorizationStatus.Valid,
        "invalid" => AcmeAuthorizationStatus.Invalid,
        "deactivated" => AcmeAuthorizationStatus.Deactivated,
        "expired" => AcmeAuthorizationStatus.Expired,
        "revoked" => AcmeAuthorizationStatus.Revoked,
        _ => throw UpstreamErrors.Nonsense("the status of an authorization is not one of RFC 8555."),
    };
}

/// <summary>RFC 8555 7.1.5 and 8.</summary>
/// <param name="Token">base64url; what the key authorization begins with.</param>
/// <param name="Error">Of the last attempt.</param>
public sealed record UpstreamChallenge(ChallengeType Type, Uri Url, string Token, UpstreamProblem? Error)
{
    private const int MaxToken = 200;

    /// <returns>Null: of a type that we don't know.</returns>
    internal static UpstreamChallenge? Find(UpstreamObject challenge, UpstreamUrls urls)
    {
        if (!ChallengeTypes.TryParse(challenge.FindText("type"), out var type)) return null;
        var token = challenge.Text("token");
        // RFC 8555 8.3: it becomes part of a path.
        if (token.Length is 0 or > MaxToken || !token.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')) throw UpstreamErrors.Nonsense("a challenge's token is not base64url.");
        return new(type, challenge.Url("url", urls), token, UpstreamProblem.Find(challenge.Element));
    }
}
