using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Star;

/// <summary>The plain GET of RFC 8739 section 3.4, with body, time and redirects bounded.</summary>
public sealed class StarDownload(Uri url, X509Certificate2Collection? roots, FetchLimits limits, TimeProvider clock) : IDisposable
{
    private readonly HttpMessageInvoker http = new(HandlerFor(url, roots), disposeHandler: true);

    public void Dispose() => http.Dispose();

    /// <exception cref="FetchFailedException">No answer within the bounds.</exception>
    public async Task<StarAnswer> GetAsync(string? knownETag, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(limits.Timeout);
        try
        {
            return await FollowAsync(knownETag, limit.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw new FetchFailedException($"The server did not finish its answer within {limits.Timeout.TotalSeconds:0.#} seconds.", late);
        }
        catch (HttpRequestException error)
        {
            throw new FetchFailedException($"The server can't be asked: {PlainText.Of((error.InnerException is AuthenticationException or IOException ? error.InnerException : error).Message)}", error);
        }
        catch (IOException error)
        {
            throw new FetchFailedException("The server broke off its answer.", error);
        }
    }

    private async Task<StarAnswer> FollowAsync(string? knownETag, CancellationToken ct)
    {
        var at = url;
        for (var redirects = 0; ; redirects++)
        {
            using var request = RequestFor(at, knownETag);
            using var response = await http.SendAsync(request, ct);
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
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("StarPortal-star-fetch", typeof(StarDownload).Assembly.GetName().Version?.ToString(3)));
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
        var body = new byte[limits.MaxBodyBytes + 1];
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        if (length == body.Length) throw new FetchFailedException($"The server's answer is longer than {limits.MaxBodyBytes} octets.");
        var etag = response.Headers.NonValidated.TryGetValues("ETag", out var values) ? values.ToString() : null;
        return new StarAnswer((int)response.StatusCode, etag, AnswerHints.Of(response, clock.GetUtcNow()), body[..length]);
    }

    private static SocketsHttpHandler HandlerFor(Uri url, X509Certificate2Collection? roots)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = !url.IsLoopback,
            MaxResponseHeadersLength = 32,
            ResponseDrainTimeout = TimeSpan.Zero,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1), // Polls are far apart: each looks the name up anew.
            ActivityHeadersPropagator = null,
        };
        if (roots is null) return handler;
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        return handler;
    }
}
