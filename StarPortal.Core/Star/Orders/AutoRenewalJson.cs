using System.Text.Json;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Star;

/// <summary>STAR on the wire (RFC 8739 3.1.1, 3.2, 5.1), and by the names of the drafts where an order was placed by them.</summary>
internal static class AutoRenewalJson
{
    /// <summary>The directory's meta.</summary>
    public static void WriteMeta(Utf8JsonWriter meta, StarOptions options)
    {
        meta.WriteStartObject(AutoRenewalReader.Member);
        meta.WriteNumber("min-lifetime", Seconds(options.MinLifetime));
        meta.WriteNumber("max-duration", Seconds(options.MaxDuration));
        if (options.AllowCertificateGet) meta.WriteBoolean("allow-certificate-get", true);
        meta.WriteEndObject();
        if (!options.DraftCompatibility) return;
        meta.WriteBoolean("star-enabled", true);
        meta.WriteNumber("star-min-cert-validity", Seconds(options.MinLifetime));
        meta.WriteNumber("star-max-renewal", Seconds(options.MaxDuration));
        if (options.AllowCertificateGet) meta.WriteBoolean("star-allow-certificate-get", true);
    }

    /// <summary>Members of the order object. What the server adjusted is told as it is in force: the padding too (RFC 8739 3.3).</summary>
    public static void Write(Utf8JsonWriter json, StarOrder order, AcmeLinks links)
    {
        var padding = AutoRenewal.PaddingOf(order.Lifetime, order.LifetimeAdjust);
        json.WriteStartObject(AutoRenewalReader.Member);
        if ((order.StartsAt ?? order.StartDate) is { } start) json.WriteString("start-date", OrderJson.Time(start));
        json.WriteString("end-date", OrderJson.Time(order.EndDate));
        json.WriteNumber("lifetime", order.Lifetime);
        json.WriteNumber("lifetime-adjust", padding);
        if (order.AllowCertificateGet) json.WriteBoolean("allow-certificate-get", true);
        json.WriteEndObject();
        if (order.IsDraft) WriteDraft(json, order, padding);
        if (order.Status is not StarOrderStatus.Waiting) json.WriteString("star-certificate", links.StarCertificate(order.FetchId));
    }

    private static void WriteDraft(Utf8JsonWriter json, StarOrder order, long padding)
    {
        json.WriteBoolean(AutoRenewalReader.DraftMember, true);
        if ((order.StartsAt ?? order.StartDate) is { } start) json.WriteString("recurrent-start-date", OrderJson.Time(start));
        json.WriteString("recurrent-end-date", OrderJson.Time(order.EndDate));
        json.WriteNumber("recurrent-certificate-validity", order.Lifetime);
        json.WriteNumber("recurrent-certificate-predate", padding);
        json.WriteBoolean("recurrent-certificate-get", order.AllowCertificateGet);
    }

    private static long Seconds(TimeSpan time) => (long)time.TotalSeconds;
}
