using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Star;

/// <summary>HTTP for the machine that uses a certificate: time and size are bounded, nothing is followed or kept by itself.</summary>
internal sealed class BoundedHttp(Uri url, X509Certificate2Collection? roots, FetchLimits limits) : IDisposable
{
    private readonly HttpMessageInvoker http = new(HandlerFor(url, roots), disposeHandler: true);

    /// <param name="ask">Everything that has to be done within the time.</param>
    /// <exception cref="FetchFailedException">No answer within the bounds.</exception>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(limits.Timeout);
        try
        {
            return await ask(limit.Token);
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

    /// <param name="program">The verb, for the server's log.</param>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string program, CancellationToken ct)
    {
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue($"StarPortal-{program}", typeof(BoundedHttp).Assembly.GetName().Version?.ToString(3)));
        return http.SendAsync(request, ct);
    }

    /// <exception cref="FetchFailedException">It is longer than the bound.</exception>
    public async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var body = new byte[limits.MaxBodyBytes + 1];
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        return length == body.Length ? throw new FetchFailedException($"The server's answer is longer than {limits.MaxBodyBytes} octets.") : body[..length];
    }

    public void Dispose() => http.Dispose();

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
