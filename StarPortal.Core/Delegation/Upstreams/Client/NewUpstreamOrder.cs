using System.Globalization;
using System.Text.Json;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>What is ordered (RFC 8555 7.4).</summary>
public sealed record NewUpstreamOrder(IReadOnlyList<AcmeIdentifier> Identifiers)
{
    /// <summary>One of <see cref="UpstreamDirectory.Profiles"/>; null: the CA's own choice.</summary>
    public string? Profile { get; init; }

    /// <summary>RFC 9773 5: the id (<see cref="UpstreamCertificateId"/>) of the certificate that this one replaces.</summary>
    public string? Replaces { get; init; }

    /// <summary>RFC 8555 7.4: when the certificate is to end; null: the CA's own choice.</summary>
    public DateTimeOffset? NotAfter { get; init; }

    /// <summary>RFC 8739 3.1.1: the CA renews.</summary>
    public AskedAutoRenewal? AutoRenewal { get; init; }

    /// <summary>RFC 9115 2.3.5, for an order that does not renew itself.</summary>
    public bool AllowCertificateGet { get; init; }

    /// <summary>RFC 9115 2.4: the upstream delegates to us in turn, by this delegation object of its; null: it is a CA.</summary>
    public string? Delegation { get; init; }

    internal byte[] ToJson() => UpstreamJws.Json(json =>
    {
        json.WriteStartArray("identifiers");
        foreach (var identifier in Identifiers)
        {
            json.WriteStartObject();
            json.WriteString("type", identifier.TypeToken);
            json.WriteString("value", identifier.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (Profile is not null) json.WriteString("profile", Profile);
        if (Replaces is not null) json.WriteString("replaces", Replaces);
        if (NotAfter is { } end) json.WriteString("notAfter", AskedAutoRenewal.Time(end));
        if (Delegation is not null) json.WriteString("delegation", Delegation);
        if (AllowCertificateGet) json.WriteBoolean("allow-certificate-get", true);
        AutoRenewal?.Write(json);
    });
}

/// <summary>The auto-renewal object of a new order (RFC 8739 3.1.1).</summary>
/// <param name="EndDate">No certificate is valid longer.</param>
/// <param name="Lifetime">Of one certificate.</param>
public sealed record AskedAutoRenewal(DateTimeOffset EndDate, TimeSpan Lifetime)
{
    /// <summary>Null: as soon as it is finalized.</summary>
    public DateTimeOffset? StartDate { get; init; }

    /// <summary>How much earlier than its turn each certificate begins.</summary>
    public TimeSpan LifetimeAdjust { get; init; }

    /// <summary>RFC 8739 3.4: anybody who knows the URL may fetch.</summary>
    public bool AllowCertificateGet { get; init; }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("auto-renewal");
        if (StartDate is { } start) json.WriteString("start-date", Time(start));
        json.WriteString("end-date", Time(EndDate));
        json.WriteNumber("lifetime", (long)Lifetime.TotalSeconds);
        if (LifetimeAdjust > TimeSpan.Zero) json.WriteNumber("lifetime-adjust", (long)LifetimeAdjust.TotalSeconds);
        if (AllowCertificateGet) json.WriteBoolean("allow-certificate-get", true);
        json.WriteEndObject();
    }

    internal static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
