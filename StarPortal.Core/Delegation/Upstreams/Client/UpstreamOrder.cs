using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>An order as the upstream tells it (RFC 8555 7.1.3).</summary>
/// <param name="Url">To be kept: by it the order is found again after a restart.</param>
public sealed record UpstreamOrder(Uri Url, AcmeOrderStatus Status)
{
    public required IReadOnlyList<AcmeIdentifier> Identifiers { get; init; }

    public required IReadOnlyList<Uri> Authorizations { get; init; }

    public required Uri Finalize { get; init; }

    /// <summary>Null: it does not say.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Of a valid order.</summary>
    public Uri? Certificate { get; init; }

    /// <summary>Of a valid STAR order (RFC 8739 3.1.1): where the present certificate is.</summary>
    public Uri? StarCertificate { get; init; }

    /// <summary>As granted, of a STAR order.</summary>
    public GrantedAutoRenewal? AutoRenewal { get; init; }

    /// <summary>RFC 9115 2.3.5, of an order that does not renew itself: anybody may fetch the certificate.</summary>
    public bool AllowsCertificateGet { get; init; }

    public UpstreamProblem? Error { get; init; }

    /// <summary>When to ask again, by the answer's Retry-After.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    internal static UpstreamOrder Of(Uri url, UpstreamAnswer answer, UpstreamUrls urls)
    {
        var order = Read(url, answer, urls);
        return order is { Status: AcmeOrderStatus.Valid, Certificate: null, StarCertificate: null } ? throw UpstreamErrors.Nonsense("a valid order has no certificate.") : order;
    }

    private static UpstreamOrder Read(Uri url, UpstreamAnswer answer, UpstreamUrls urls)
    {
        var order = UpstreamObject.Read(answer);
        return new UpstreamOrder(url, StatusOf(order.Text("status")))
        {
            Identifiers = [.. order.Objects("identifiers").Select(IdentifierOf)],
            Authorizations = [.. order.Texts("authorizations").Select(text => urls.Require(answer.Url, text, "an authorization's URL"))],
            Finalize = order.Url("finalize", urls), ExpiresAt = order.FindTime("expires"),
            Certificate = order.FindUrl("certificate", urls), StarCertificate = order.FindUrl("star-certificate", urls), AutoRenewal = GrantedAutoRenewal.Find(order),
            AllowsCertificateGet = order.Flag("allow-certificate-get"), Error = UpstreamProblem.Find(order.Element), RetryAt = answer.RetryAfter,
        };
    }

    internal static AcmeIdentifier IdentifierOf(UpstreamObject identifier)
    {
        try
        {
            return AcmeIdentifier.Parse(identifier.FindText("type"), identifier.FindText("value"));
        }
        catch (AcmeException error)
        {
            throw UpstreamErrors.Nonsense($"it names an identifier that is none: {error.Message}", error);
        }
    }

    private static AcmeOrderStatus StatusOf(string token) => token switch
    {
        "pending" => AcmeOrderStatus.Pending,
        "ready" => AcmeOrderStatus.Ready,
        "processing" => AcmeOrderStatus.Processing,
        "valid" => AcmeOrderStatus.Valid,
        "invalid" => AcmeOrderStatus.Invalid,
        "canceled" => AcmeOrderStatus.Canceled,
        _ => throw UpstreamErrors.Nonsense("the status of the order is not one of RFC 8555 and RFC 8739."),
    };
}

/// <summary>The auto-renewal object of an order (RFC 8739 3.1.1): what the CA made of what was asked.</summary>
public sealed record GrantedAutoRenewal(DateTimeOffset? StartDate, DateTimeOffset EndDate, TimeSpan Lifetime, TimeSpan LifetimeAdjust, bool AllowsCertificateGet)
{
    internal static GrantedAutoRenewal? Find(UpstreamObject order) => order.FindObject("auto-renewal") is not { } granted ? null : new(
        granted.FindTime("start-date"), granted.FindTime("end-date") ?? throw UpstreamErrors.Nonsense("end-date is missing."),
        Seconds(granted, "lifetime"), Seconds(granted, "lifetime-adjust"), granted.Flag("allow-certificate-get"));

    private static TimeSpan Seconds(UpstreamObject granted, string name) =>
        (granted.FindNumber(name) ?? 0) is >= 0 and <= 100L * 366 * 86_400 and var seconds ? TimeSpan.FromSeconds(seconds) : throw UpstreamErrors.Nonsense($"{name} is not a number of seconds that could be right.");
}
