using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Star;

/// <summary>The plain GET of RFC 8739 section 3.4, with body, time and redirects bounded.</summary>
public sealed class StarDownload(Uri url, X509Certificate2Collection? roots, FetchLimits limits, TimeProvider clock) : IDisposable
{
    private readonly BoundedHttp http = new(url, roots, limits);

    public void Dispose() => http.Dispose();

    /// <exception cref="FetchFailedException">No answer within the bounds.</exception>
    public Task<StarAnswer> GetAsync(string? knownETag, CancellationToken ct) => http.AskAsync(limited => FollowAsync(knownETag, limited), ct);

    private async Task<StarAnswer> FollowAsync(string? knownETag, CancellationToken ct)
    {
        var at = url;
        for (var redirects = 0; ; redirects++)
        {
            using var request = RequestFor(at, knownETag);
            using var response = await http.SendAsync(request, "star-fetch", ct);
            if (LocationOf(response) is not { } location) return await ReadAsync(response, ct);
            if (redirects == limits.MaxRedirects) throw new FetchFailedException($"The server redirects more than {limits.MaxRedirects} times.");
            if (!Uri.TryCreate(at, location, out var next) || !StarUrl.MayLeadTo(at, next))
                throw new FetchFailedException($"The server redirects to {PlainText.Of(location)}, which is not https.");
            at = next;
        }
    }

    private static HttpRequestMessage RequestFor(Uri at, string? knownETag)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, at);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/pem-certificate-chain"));
        if (knownETag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", knownETag);
        return request;
    }

    private static string? LocationOf(HttpResponseMessage response) =>
        response.StatusCode is HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
        && response.Headers.NonValidated.TryGetValues("Location", out var values)
            ? values.ToString()
            : null;

    private async Task<StarAnswer> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var body = await http.ReadAsync(response, ct);
        var etag = response.Headers.NonValidated.TryGetValues("ETag", out var values) ? values.ToString() : null;
        return new StarAnswer((int)response.StatusCode, etag, AnswerHints.Of(response, clock.GetUtcNow()), body);
    }
}
