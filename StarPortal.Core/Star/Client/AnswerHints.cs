using System.Globalization;
using System.Net.Http.Headers;

namespace StarPortal.Core.Star;

/// <summary>What an answer's header says about when to ask again.</summary>
/// <param name="Fresh">For how long the answer is fresh yet (RFC 9111 section 4.2), more than nothing; null when the server does not say.</param>
/// <param name="CertNotAfter">RFC 8739 section 3.3.</param>
/// <param name="RetryAfter">How long to wait after a failure (RFC 9110 section 10.2.3).</param>
public sealed record AnswerHints(TimeSpan? Fresh = null, DateTimeOffset? CertNotAfter = null, TimeSpan? RetryAfter = null)
{
    public static AnswerHints None { get; } = new();

    /// <param name="now">Counts for a server that sends no Date.</param>
    public static AnswerHints Of(HttpResponseMessage response, DateTimeOffset now)
    {
        var headers = response.Headers;
        var answeredAt = headers.Date ?? now;
        return new AnswerHints(
            FreshFor(headers, response.Content.Headers.Expires, answeredAt),
            DateOf(headers, "Cert-Not-After") ?? DateOf(response.Content.Headers, "Cert-Not-After"),
            headers.RetryAfter is { } retry ? retry.Delta ?? retry.Date - answeredAt : null);
    }

    /// <summary>RFC 9111 section 4.2.1: max-age wins over Expires. An answer that must not be reused says nothing about the next certificate.</summary>
    private static TimeSpan? FreshFor(HttpResponseHeaders headers, DateTimeOffset? expires, DateTimeOffset answeredAt)
    {
        if (headers.CacheControl is { NoCache: true } or { NoStore: true }) return null;
        var fresh = (headers.CacheControl?.MaxAge ?? expires - answeredAt) - (headers.Age ?? TimeSpan.Zero);
        return fresh > TimeSpan.Zero ? fresh : null;
    }

    private static DateTimeOffset? DateOf(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values)
        && DateTimeOffset.TryParse(values.ToString().Trim('"'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : null;
}
