namespace StarPortal.Core.Delegation;

/// <summary>RFC 8555 7.1.1: where things are, and what the upstream says of itself.</summary>
public sealed record UpstreamDirectory
{
    public required Uri NewNonce { get; init; }

    public required Uri NewAccount { get; init; }

    public required Uri NewOrder { get; init; }

    public Uri? RevokeCert { get; init; }

    public Uri? KeyChange { get; init; }

    /// <summary>RFC 9773 4.1; null: there is no renewal information.</summary>
    public Uri? RenewalInfo { get; init; }

    /// <summary>To be shown to who agrees; never asked by the portal.</summary>
    public string? TermsOfService { get; init; }

    public string? Website { get; init; }

    public IReadOnlyList<string> CaaIdentities { get; init; } = [];

    /// <summary>RFC 8555 7.3.4: accounts need a binding.</summary>
    public bool ExternalAccountRequired { get; init; }

    /// <summary>Names of certificate profiles that may be asked for; empty: none.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>RFC 9115 2.3.5: orders that do not renew themselves may ask for certificates that anybody may fetch.</summary>
    public bool AllowsCertificateGet { get; init; }

    /// <summary>RFC 8739 3.2; null: no STAR, the portal renews by ordering again.</summary>
    public UpstreamStarTerms? AutoRenewal { get; init; }

    internal static UpstreamDirectory Of(UpstreamAnswer answer, UpstreamUrls urls)
    {
        var directory = UpstreamObject.Read(answer);
        var meta = directory.FindObject("meta");
        return new UpstreamDirectory
        {
            NewNonce = directory.Url("newNonce", urls), NewAccount = directory.Url("newAccount", urls), NewOrder = directory.Url("newOrder", urls),
            RevokeCert = directory.FindUrl("revokeCert", urls), KeyChange = directory.FindUrl("keyChange", urls), RenewalInfo = directory.FindUrl("renewalInfo", urls),
            TermsOfService = meta?.FindText("termsOfService"), Website = meta?.FindText("website"), CaaIdentities = meta?.Texts("caaIdentities") ?? [],
            ExternalAccountRequired = meta?.Flag("externalAccountRequired") ?? false, Profiles = meta?.FindObject("profiles")?.Names() ?? [],
            AllowsCertificateGet = meta?.Flag("allow-certificate-get") ?? false, AutoRenewal = UpstreamStarTerms.Find(meta),
        };
    }
}

/// <summary>RFC 8739 3.2: what an upstream grants.</summary>
/// <param name="MinLifetime">Of one certificate.</param>
/// <param name="MaxDuration">From an order's first certificate to its end.</param>
/// <param name="AllowsCertificateGet">Whether certificates may be fetched by anybody (3.4).</param>
public sealed record UpstreamStarTerms(TimeSpan MinLifetime, TimeSpan MaxDuration, bool AllowsCertificateGet)
{
    internal static UpstreamStarTerms? Find(UpstreamObject? meta) =>
        meta?.FindObject("auto-renewal") is { } terms ? new(Seconds(terms, "min-lifetime"), Seconds(terms, "max-duration"), terms.Flag("allow-certificate-get")) : null;

    private static TimeSpan Seconds(UpstreamObject terms, string name) =>
        terms.FindNumber(name) is { } seconds && seconds is > 0 and <= 100L * 366 * 86_400 ? TimeSpan.FromSeconds(seconds) : throw UpstreamErrors.Nonsense($"{name} is not a number of seconds that could be right.");
}
