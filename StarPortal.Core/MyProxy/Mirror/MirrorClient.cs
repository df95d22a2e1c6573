using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Asks another portal: one question, one answer, both signed, size and time bounded. Redirects are not followed.</summary>
public sealed class MirrorClient(MirrorSites sites, TimeProvider clock) : IDisposable
{
    private const int MaxReason = 300;

    private readonly ConcurrentDictionary<string, HttpMessageInvoker> connections = new(StringComparer.Ordinal);

    public void Dispose()
    {
        foreach (var connection in connections.Values) connection.Dispose();
    }

    /// <param name="path">Of <see cref="MirrorEndpoints"/>.</param>
    /// <exception cref="ServiceException">Unavailable: no answer, or none that this portal can take.</exception>
    internal async Task<TAnswer> AskAsync<TQuestion, TAnswer>(MirrorSite site, string path, TQuestion question, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(site.Timeout);
        try
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(question, MirrorJson.Options);
            var proof = MirrorProof.Make(site.Secret, sites.OwnName, path, body, clock.GetUtcNow());
            using var request = RequestOf(site, path, body, proof);
            using var response = await connections.GetOrAdd(site.Name, _ => new HttpMessageInvoker(HandlerFor(site), disposeHandler: true)).SendAsync(request, limit.Token);
            return Read<TAnswer>(site, proof, response, await ReadAsync(response, limit.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw MyProxyErrors.SiteFailed($"The portal there did not answer within {site.Timeout.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException error)
        {
            throw MyProxyErrors.SiteFailed($"The portal there can't be reached: {(error.InnerException is AuthenticationException or IOException ? error.InnerException : error).Message}");
        }
        catch (IOException)
        {
            throw MyProxyErrors.SiteFailed("The portal there broke off its answer.");
        }
    }

    private static HttpRequestMessage RequestOf(MirrorSite site, string path, byte[] body, MirrorProof proof)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(site.Url, path.TrimStart('/'))) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(MirrorProof.Header, proof.ToString());
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("StarPortal-mirror", typeof(MirrorClient).Assembly.GetName().Version?.ToString(3)));
        return request;
    }

    private static T Read<T>(MirrorSite site, MirrorProof proof, HttpResponseMessage response, byte[] body)
    {
        if (response.StatusCode is not HttpStatusCode.OK) throw MyProxyErrors.SiteFailed($"The portal there answered {(int)response.StatusCode}{ReasonIn(body)}");
        var signature = response.Headers.NonValidated.TryGetValues(MirrorProof.Header, out var values) && values.Count == 1 ? values.ToString() : null;
        if (!proof.IsAnsweredBy(site.Secret, signature, body)) throw MyProxyErrors.SiteFailed("The answer is not signed by the portal that shares the secret.");
        try
        {
            return JsonSerializer.Deserialize<T>(body, MirrorJson.Options) ?? throw MyProxyErrors.SiteFailed("The answer is empty.");
        }
        catch (JsonException)
        {
            throw MyProxyErrors.SiteFailed("The answer is not as agreed: the two portals may be of different versions.");
        }
    }

    /// <summary>What a problem document says, in one line.</summary>
    private static string ReasonIn(byte[] body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (problem.RootElement.ValueKind is not JsonValueKind.Object || !problem.RootElement.TryGetProperty("detail", out var detail) || detail.GetString() is not { Length: > 0 } reason) return ".";
            var line = string.Concat(reason.Where(character => !char.IsControl(character)));
            return $": {(line.Length > MaxReason ? line[..MaxReason] : line)}";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return ".";
        }
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var body = new byte[MirrorJson.MaxAnswer + 1];
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        return length == body.Length ? throw MyProxyErrors.SiteFailed("The answer is longer than any that could be right.") : body[..length];
    }

    private static SocketsHttpHandler HandlerFor(MirrorSite site)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            UseProxy = !site.Url.IsLoopback,
            MaxResponseHeadersLength = 32,
            ResponseDrainTimeout = TimeSpan.Zero,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            ActivityHeadersPropagator = null,
        };
        if (site.Roots is null) return handler;
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(site.Roots);
        return handler;
    }
}
