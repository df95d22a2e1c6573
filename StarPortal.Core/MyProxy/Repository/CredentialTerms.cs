using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What is said of a credential besides its content.</summary>
/// <param name="MaxLifetime">Of proxies made from it; null: as long as it is valid itself.</param>
public sealed record CredentialTerms(string? Description, TimeSpan? MaxLifetime, CredentialPolicies Policies)
{
    public const int MaxDescription = 1_000;

    public static readonly CredentialTerms None = new(null, null, CredentialPolicies.None);

    /// <exception cref="ServiceException">Invalid: a pattern that is none, or a text that is too long.</exception>
    internal static CredentialTerms Of(MyProxyRequest request) => new CredentialTerms(request.Description, request.Lifetime, request.Policies).Check();

    /// <exception cref="ServiceException">As above.</exception>
    internal CredentialTerms Check()
    {
        TextRules.Require(Description ?? "", "credential description", MaxDescription);
        foreach (var pattern in new[] { Policies.Retrievers, Policies.KeyRetrievers, Policies.TrustedRetrievers, Policies.Renewers }.OfType<string>())
        {
            TextRules.Require(pattern, "pattern of names", NamePattern.MaxLength);
            NamePattern.Parse(pattern);
        }

        return this with { MaxLifetime = MaxLifetime > TimeSpan.Zero ? MaxLifetime : null };
    }
}
