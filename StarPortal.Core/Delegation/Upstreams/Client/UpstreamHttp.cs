using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Delegation;

/// <summary>One request, one answer, with body and time bounded. Redirects are refused: a signed request is for one URL (RFC 8555 6.4).</summary>
internal sealed class UpstreamHttp(UpstreamServer server, UpstreamUrls urls, UpstreamDialer dialer, TimeProvider clock) : IDisposable
{
    private const string Jose = "application/jose+json";

    private readonly HttpMessageInvoker http = new(HandlerFor(server, urls, dialer), disposeHandler: true);

    public void Dispose() => http.Dispose();

    public Task<UpstreamAnswer> GetAsync(Uri url, CancellationToken ct) => SendAsync(() => new HttpRequestMessage(HttpMethod.Get, url), ct);

    public Task<UpstreamAnswer> HeadAsync(Uri url, CancellationToken ct) => SendAsync(() => new HttpRequestMessage(HttpMethod.Head, url), ct);

    /// <param name="jws">RFC 8555 6.2; the content type has no parameter.</param>
    /// <param name="accept">A media type, where the answer is no JSON.</param>
    public Task<UpstreamAnswer> PostAsync(Uri url, byte[] jws, string? accept, CancellationToken ct) => SendAsync(() =>
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(jws) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Jose);
        if (accept is not null) request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return request;
    }, ct);

    private async Task<UpstreamAnswer> SendAsync(Func<HttpRequestMessage> make, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(server.Limits.Timeout);
        try
        {
            using var request = make();
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("StarPortal", typeof(UpstreamHttp).Assembly.GetName().Version?.ToString(3))); // RFC 8555 6.1
            request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue("en"));
            using var response = await http.SendAsync(request, limit.Token);
            if ((int)response.StatusCode is >= 300 and < 400) throw UpstreamErrors.Nonsense($"it redirects ({(int)response.StatusCode}), which is not followed.");
            return await ReadAsync(request.RequestUri!, response, limit.Token);
        }
        catch (OperationCanceledException late) when (!ct.IsCancellationRequested)
        {
            throw UpstreamErrors.Slow(server.Limits.Timeout, late);
        }
        catch (HttpRequestException error)
        {
            throw UpstreamErrors.Unreachable((error.InnerException is AuthenticationException or IOException ? error.InnerException : error).Message, error);
        }
        catch (IOException error)
        {
            throw UpstreamErrors.Unreachable("it broke off its answer", error);
        }
    }

    private async Task<UpstreamAnswer> ReadAsync(Uri url, HttpResponseMessage response, CancellationToken ct)
    {
        var body = new byte[server.Limits.MaxBodyBytes + 1];
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        var isTooLong = length == body.Length;
        if (isTooLong && response.IsSuccessStatusCode) throw UpstreamErrors.Nonsense($"it is longer than {server.Limits.MaxBodyBytes} octets.");
        return new UpstreamAnswer(
            url, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, Single(response, "Location"), Single(response, "Replay-Nonce"),
            response.Headers.NonValidated.TryGetValues("Link", out var links) ? [.. links] : [], RetryAfterOf(response), isTooLong, isTooLong ? [] : body[..length]);
    }

    private static string? Single(HttpResponseMessage response, string header) =>
        response.Headers.NonValidated.TryGetValues(header, out var values) && values.Count == 1 ? values.ToString() : null;

    /// <summary>By our own clock: a delay counts from now, a date is corrected by what the server's Date says of its clock.</summary>
    private DateTimeOffset? RetryAfterOf(HttpResponseMessage response)
    {
        var now = clock.GetUtcNow();
        if (response.Headers.RetryAfter is not { } retry || (retry.Delta ?? retry.Date - (response.Headers.Date ?? now)) is not { } delay) return null;
        return delay <= TimeSpan.Zero ? now : now + (delay < server.Limits.MaxRetryAfter ? delay : server.Limits.MaxRetryAfter);
    }

    private static SocketsHttpHandler HandlerFor(UpstreamServer server, UpstreamUrls urls, UpstreamDialer dialer)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (server.ReadRoots() is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(roots);
        }

        return new SocketsHttpHandler
        {
            ConnectCallback = (context, ct) => dialer.ConnectAsync(urls, context.DnsEndPoint, ct),
            SslOptions = { CertificateChainPolicy = policy },
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = false,
            MaxResponseHeadersLength = 32,
            ResponseDrainTimeout = TimeSpan.Zero,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ActivityHeadersPropagator = null,
        };
    }
}
