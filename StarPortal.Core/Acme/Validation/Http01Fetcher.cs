using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>One GET, to an address that was permitted, with every part of the answer bounded. Redirects are told of, not followed.</summary>
public sealed class Http01Fetcher(TargetResolver resolver, TargetConnector connector, IOptions<AcmeOptions> options, IOptions<PortalOptions> portal)
{
    private readonly string userAgent = $"StarPortal-ACME-validation (+{portal.Value.BaseUrl.GetLeftPart(UriPartial.Authority)}/)";

    /// <exception cref="ValidationFailedException">No answer that HTTP allows within the bounds.</exception>
    internal async Task<HttpAnswer> GetAsync(Uri url, ValidationTrace trace, CancellationToken ct)
    {
        var target = await resolver.ResolveAsync(url.HostNameType is UriHostNameType.IPv6 ? url.IdnHost.Trim('[', ']') : url.IdnHost, trace, ct);
        await using var connection = await connector.ConnectAsync(target, url.Port, trace, ct);
        using var invoker = new HttpMessageInvoker(HandlerOver(connection, url), disposeHandler: true);
        using var request = RequestFor(url);
        try
        {
            using var response = await invoker.SendAsync(request, ct);
            trace.Add($"GET {ValidationTrace.Quote(url.AbsoluteUri)}: {(int)response.StatusCode}");
            var body = response.StatusCode is HttpStatusCode.OK ? await ReadBodyAsync(response, ct) : null;
            return new HttpAnswer((int)response.StatusCode, LocationOf(response), body);
        }
        catch (HttpRequestException exception)
        {
            throw NoAnswer(url, exception, trace);
        }
        catch (IOException)
        {
            throw new ValidationFailedException(AcmeProblemType.Connection, $"The server broke off its answer to GET {ValidationTrace.Quote(url.AbsoluteUri)}.");
        }
    }

    /// <summary>The handler gets the one connection that was made; it cannot make another.</summary>
    private SocketsHttpHandler HandlerOver(NetworkStream connection, Uri url) => new()
    {
        ConnectCallback = Once(connection),
        SslOptions = UncheckedTls.OptionsFor(url.IdnHost),
        MaxResponseHeadersLength = options.Value.Validation.MaxHeaderKilobytes,
        ResponseDrainTimeout = TimeSpan.Zero,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
    };

    /// <summary>The handler asks again when a server closes before its answer.</summary>
    private static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> Once(NetworkStream connection)
    {
        var isTaken = false;
        return (_, _) =>
        {
            if (isTaken) throw new IOException("The one connection is used up.");
            isTaken = true;
            return ValueTask.FromResult<Stream>(connection);
        };
    }

    private HttpRequestMessage RequestFor(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Headers.ConnectionClose = true;
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        return request;
    }

    /// <summary>Null when the body is longer than anything that could be right.</summary>
    private async Task<string?> ReadBodyAsync(HttpResponseMessage response, CancellationToken ct)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var body = new byte[options.Value.Validation.MaxBodyBytes + 1];
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
        return length < body.Length ? Encoding.Latin1.GetString(body, 0, length) : null;
    }

    private static string? LocationOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Location", out var values) ? values.FirstOrDefault() : null;

    private static ValidationFailedException NoAnswer(Uri url, HttpRequestException exception, ValidationTrace trace)
    {
        var (problem, what) = exception.HttpRequestError switch
        {
            HttpRequestError.SecureConnectionError => (AcmeProblemType.Tls, "no TLS connection came about"),
            HttpRequestError.ConfigurationLimitExceeded => (AcmeProblemType.Connection, "the headers of the answer are too long"),
            HttpRequestError.InvalidResponse => (AcmeProblemType.Connection, "the answer is not HTTP/1.1"),
            HttpRequestError.ResponseEnded or HttpRequestError.ConnectionError => (AcmeProblemType.Connection, "the server closed the connection without a complete answer"),
            _ => (AcmeProblemType.Connection, "the server broke off the connection"), // The framework's enum: others are of kinds that cannot come up here.
        };
        trace.Add($"GET {ValidationTrace.Quote(url.AbsoluteUri)}: {what}");
        return new ValidationFailedException(problem, $"GET {ValidationTrace.Quote(url.AbsoluteUri)} got no answer that could be read: {what}.");
    }
}
