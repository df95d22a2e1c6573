using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Star;

/// <summary>Reads what makes an order a STAR order: the auto-renewal object (RFC 8739 3.1.1), or the members that drafts before the RFC had in its place.</summary>
public sealed class AutoRenewalReader(CertificateAuthority authority, IOptions<StarOptions> options, TimeProvider clock)
{
    public const string Member = "auto-renewal";

    /// <summary>The drafts' name for the same.</summary>
    public const string DraftMember = "recurrent";

    /// <exception cref="AcmeException">malformed.</exception>
    public AskedRenewal Read(JsonElement payload, NewOrder asked)
    {
        if (asked.NotBefore is not null || asked.NotAfter is not null)
            throw AcmeErrors.Malformed("A STAR order has neither notBefore nor notAfter (RFC 8739 3.1.1): its dates are start-date and end-date.");
        if (payload.TryGetProperty(DraftMember, out _) && payload.TryGetProperty(Member, out _) && options.Value.DraftCompatibility)
            throw AcmeErrors.Malformed($"An order has {Member} or {DraftMember}, not both.");
        return Require(payload.TryGetProperty(Member, out var renewal) ? ReadRenewal(renewal) : ReadDraft(payload));
    }

    private static AskedRenewal ReadRenewal(JsonElement renewal)
    {
        if (renewal.ValueKind is not JsonValueKind.Object) throw AcmeErrors.Malformed($"{Member} is not an object (RFC 8739 3.1.1).");
        return new AskedRenewal(
            Time(renewal, "start-date"), Time(renewal, "end-date") ?? throw Missing("end-date"), Seconds(renewal, "lifetime") ?? throw Missing("lifetime"),
            Seconds(renewal, "lifetime-adjust") ?? 0, Flag(renewal, "allow-certificate-get"), IsDraft: false);
    }

    /// <summary>draft-ietf-acme-star-00 to -08. The lifetime of -00 is in days; all else is in seconds.</summary>
    private AskedRenewal ReadDraft(JsonElement payload)
    {
        if (!Flag(payload, DraftMember)) throw AcmeErrors.Malformed($"{DraftMember} is true, or left out.");
        var start = Time(payload, "recurrent-start-date");
        var end = Time(payload, "recurrent-end-date")
            ?? (Seconds(payload, "recurrent-total-lifetime") is { } days && days is > 0 and <= 36_500 ? (start ?? clock.GetUtcNow()).AddDays(days) : throw Missing("recurrent-end-date"));
        return new AskedRenewal(
            start, end, Seconds(payload, "recurrent-certificate-validity") ?? throw Missing("recurrent-certificate-validity"),
            Seconds(payload, "recurrent-certificate-predate") ?? 0, !payload.TryGetProperty("recurrent-certificate-get", out _) || Flag(payload, "recurrent-certificate-get"), IsDraft: true);
    }

    private AskedRenewal Require(AskedRenewal asked)
    {
        var now = clock.GetUtcNow();
        if (asked.Lifetime <= 0) throw AcmeErrors.Malformed("lifetime is a number of seconds above 0.");
        if (asked.LifetimeAdjust < 0) throw AcmeErrors.Malformed("lifetime-adjust is a number of seconds, 0 or more.");
        if (asked.Lifetime < options.Value.MinLifetime.TotalSeconds)
            throw AcmeErrors.Malformed($"lifetime is below the least that this server grants, {options.Value.MinLifetime.TotalSeconds:0} seconds (min-lifetime in the directory).");
        if (asked.EndDate <= now) throw AcmeErrors.Malformed("end-date is not in the future.");
        var start = asked.StartDate > now ? asked.StartDate.Value : now;
        if (asked.EndDate - start < TimeSpan.FromSeconds(1)) throw AcmeErrors.Malformed("end-date is not after start-date.");
        if (asked.EndDate - start > options.Value.MaxDuration)
            throw AcmeErrors.Malformed($"end-date is further behind start-date than this server grants, {options.Value.MaxDuration.TotalSeconds:0} seconds (max-duration in the directory).");
        if (asked.EndDate > new DateTimeOffset(authority.ChainOf(Issuers.Servers)[0].NotAfter.ToUniversalTime())) throw AcmeErrors.Malformed("end-date is later than the end of the certificate authority itself.");
        return asked with { StartDate = asked.StartDate > now ? asked.StartDate : null, AllowCertificateGet = asked.AllowCertificateGet && options.Value.AllowCertificateGet };
    }

    private static AcmeException Missing(string member) => AcmeErrors.Malformed($"{member} is missing (RFC 8739 3.1.1).");

    /// <summary>RFC 3339, cut to the second.</summary>
    private static DateTimeOffset? Time(JsonElement element, string member)
    {
        if (!element.TryGetProperty(member, out var value)) return null;
        var text = value.ValueKind is JsonValueKind.String && value.GetRawText() is { Length: <= 42 } raw ? raw[1..^1] : "";
        var isTime = text.Length >= 20 && text[10] is 'T' or 't' && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-');
        return isTime && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds())
            : throw AcmeErrors.Malformed($"{member} is not a date and time in the form of RFC 3339.");
    }

    private static long? Seconds(JsonElement element, string member)
    {
        if (!element.TryGetProperty(member, out var value)) return null;
        return value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var seconds) ? seconds : throw AcmeErrors.Malformed($"{member} is not a whole number that could be right.");
    }

    private static bool Flag(JsonElement element, string member)
    {
        if (!element.TryGetProperty(member, out var value)) return false;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw AcmeErrors.Malformed($"{member} is true or false.");
    }
}
