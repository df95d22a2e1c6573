namespace StarPortal.Core.MyProxy;

/// <summary>
/// Section <c>MyProxy:Policies</c>: who may do what, by name; named after the genuine server's settings. Each is a list of patterns (<see cref="NamePattern"/>), of which
/// one has to fit. A list that is not set has the default that is said beside it; an empty one fits nobody.
/// </summary>
public sealed class MyProxyPolicyOptions
{
    /// <summary>May store credentials and remove their own. Default: the names under <c>Authority:BaseName</c>, which only our own CA certifies.</summary>
    public string[]? AcceptedCredentials { get; set; }

    /// <summary>May log on with the passphrase. Default: everybody, clients without a certificate among them.</summary>
    public string[]? AuthorizedRetrievers { get; set; }

    /// <summary>As above, for credentials that say nothing of it. Default: everybody.</summary>
    public string[]? DefaultRetrievers { get; set; }

    /// <summary>May log on for somebody whose proxy they hold. Default: nobody.</summary>
    public string[]? AuthorizedRenewers { get; set; }

    /// <summary>As above, for credentials that say nothing of it. Default: nobody.</summary>
    public string[]? DefaultRenewers { get; set; }

    /// <summary>May fetch the key itself. Default: nobody.</summary>
    public string[]? AuthorizedKeyRetrievers { get; set; }

    /// <summary>As above, for credentials that say nothing of it. Default: nobody.</summary>
    public string[]? DefaultKeyRetrievers { get; set; }

    /// <summary>May log on without a passphrase, to credentials that have none. Default: nobody.</summary>
    public string[]? TrustedRetrievers { get; set; }

    /// <summary>As above, for credentials that say nothing of it. Default: nobody.</summary>
    public string[]? DefaultTrustedRetrievers { get; set; }

    /// <summary>Whether a trusted retriever or a renewer may be the very name in the credential.</summary>
    public bool AllowSelfAuthorization { get; set; }

    /// <returns>What can't be read, by its place such as <c>DefaultRetrievers:1</c>.</returns>
    internal IEnumerable<(string Entry, string Pattern)> FindBadPatterns() => new (string Name, string[]? Patterns)[]
    {
        (nameof(AcceptedCredentials), AcceptedCredentials), (nameof(AuthorizedRetrievers), AuthorizedRetrievers), (nameof(DefaultRetrievers), DefaultRetrievers),
        (nameof(AuthorizedRenewers), AuthorizedRenewers), (nameof(DefaultRenewers), DefaultRenewers), (nameof(AuthorizedKeyRetrievers), AuthorizedKeyRetrievers),
        (nameof(DefaultKeyRetrievers), DefaultKeyRetrievers), (nameof(TrustedRetrievers), TrustedRetrievers), (nameof(DefaultTrustedRetrievers), DefaultTrustedRetrievers),
    }.SelectMany(list => (list.Patterns ?? []).Select((pattern, at) => (Entry: $"{list.Name}:{at}", Pattern: pattern))).Where(entry => !NamePattern.IsPattern(entry.Pattern));
}
