using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <param name="Body">Empty unless it was a success.</param>
internal sealed record OutsideAnswer(int Status, byte[] Body)
{
    public bool IsOk => Status is >= 200 and < 300;
}

/// <summary>One signed request to the outside registry, one answer, with body and time bounded. Redirects are not followed: a signature is for one URL.</summary>
public sealed class OutsideHttp(OutsideDialer dialer, IOptions<RegistryOptions> options, TimeProvider clock) : IDisposable
{
    private const int MaxBody = 1 << 20;

    private readonly Lazy<HttpMessageInvoker> http = new(() => new HttpMessageInvoker(HandlerFor(options.Value.Outside, dialer), disposeHandler: true));

    public void Dispose()
    {
        if (http.IsValueCreated) http.Value.Dispose();
    }

    /// <param name="query">With its question mark; empty: none.</param>
    /// <param name="body">JSON; null: a GET.</param>
    /// <param name="key">Of idempotency; null: none.</param>
    /// <exception cref="ServiceException">Unavailable: no answer.</exception>
    internal async Task<OutsideAnswer> SendAsync(string query, byte[]? body, string? key, CancellationToken ct)
    {
        var outside = options.Value.Outside;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(outside.Timeout);
        try
        {
            using var request = RequestFor(new Uri(outside.Url + query), body, key, OutsideSecret.Read(outside.SecretFile!));
            using var response = await http.Value.SendAsync(request, limit.Token);
            return await ReadAsync(response, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw OutsideTelling.Away($"it did not answer within {outside.Timeout.TotalSeconds:0.#} seconds.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            throw OutsideTelling.Away((error.InnerException is AuthenticationException or IOException ? error.InnerException : error).Message);
        }
    }

    private HttpRequestMessage RequestFor(Uri url, byte[]? body, string? key, byte[] secret)
    {
        var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, url);
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("StarPortal", typeof(OutsideHttp).Assembly.GetName().Version?.ToString(3)));
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        request.Headers.Add(OutsideSignature.Header, OutsideSignature.Of(secret, clock.GetUtcNow(), request.Method.Method, url.PathAndQuery, body));
        return request;
    }

    private static async Task<OutsideAnswer> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (!response.IsSuccessStatusCode) return new((int)response.StatusCode, []);
        var body = new byte[MaxBody + 1];
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        return length <= MaxBody ? new((int)response.StatusCode, body[..length]) : throw OutsideTelling.Away($"its answer is longer than {MaxBody} octets.");
    }

    private static SocketsHttpHandler HandlerFor(OutsideOptions outside, OutsideDialer dialer)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (outside.RootsFile is { } roots)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPemFile(roots);
        }

        return new SocketsHttpHandler
        {
            ConnectCallback = (context, ct) => dialer.ConnectAsync(context.DnsEndPoint, ct),
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
