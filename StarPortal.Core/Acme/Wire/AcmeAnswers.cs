using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>
/// Around everything below an ACME directory's path: the headers that every answer has (RFC 8555 6.5, 7.1), and the one translator of what went wrong, from
/// whichever part of the web application it comes. Nothing below answers with HTML, except the few pages that <see cref="AcmeLinks.Holds"/> leaves out.
/// </summary>
public sealed partial class AcmeAnswers
{
    private const long MaxDrained = 32 * 1024 * 1024;

    private readonly RequestDelegate next;
    private readonly AcmeLinks[] directories;
    private readonly AcmeNonces nonces;
    private readonly AcmeMetrics metrics;
    private readonly ILogger<AcmeAnswers> logger;

    public AcmeAnswers(RequestDelegate next, IServiceProvider services, IEnumerable<AcmeDirectory> directories, AcmeMetrics metrics, ILogger<AcmeAnswers> logger)
    {
        (this.next, this.directories, this.metrics, this.logger) = (next, [.. directories.Select(directory => directory.Links)], metrics, logger);
        nonces = (AcmeNonces)services.GetService(typeof(AcmeNonces))!;
    }

    public Task InvokeAsync(HttpContext http) =>
        Array.Find(directories, links => links.Holds(http.Request.Path)) is { } links ? AnswerAsync(http, links) : next(http);

    /// <summary>For the part of the web application that looks at the scheme.</summary>
    public static Task RefusePlainHttpAsync(HttpResponse response) => AcmeProblemWriter.WriteAsync(response, AcmeErrors.PlainHttp());

    private async Task AnswerAsync(HttpContext http, AcmeLinks links)
    {
        var startedAt = Stopwatch.GetTimestamp();
        AddHeaders(http, links);
        LetFinish(http);
        if (IsPreflight(http)) return;
        var refusal = await FindRefusalAsync(http);
        if (refusal is not null) await AcmeProblemWriter.WriteAsync(http.Response, refusal);
        metrics.CountRequest(http, refusal?.Type, startedAt);
    }

    /// <returns>What to answer instead of the rest of the application; null: it has answered.</returns>
    private async Task<AcmeException?> FindRefusalAsync(HttpContext http)
    {
        try
        {
            await next(http);
            return http.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null } ? OfStatus(http.Response.StatusCode) : null;
        }
        catch (Exception error) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            return Translate(error);
        }
    }

    private void AddHeaders(HttpContext http, AcmeLinks links)
    {
        http.Features.Set(links);
        var headers = http.Response.Headers;
        // 6.1: browsers may be clients; there are no cookies that another site could use.
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "Link, Location, Replay-Nonce, Retry-After";
        headers.CacheControl = "no-store";
        if (http.Request.Path.Value!.Length != links.BasePath.Length + "/directory".Length || !links.Directory.EndsWith(http.Request.Path.Value, StringComparison.Ordinal))
            headers.Append("Link", $"<{links.Directory}>;rel=\"index\"");
        // 6.5: in every answer to a POST, also when it is refused.
        if (HttpMethods.IsPost(http.Request.Method)) headers["Replay-Nonce"] = nonces.Issue();
    }

    /// <summary>A body too large is read to its end and thrown away, so that the client sees the refusal and not a broken connection.</summary>
    private static void LetFinish(HttpContext http)
    {
        var limit = http.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false } && http.Request.ContentLength is > JwsReader.MaxLength and <= MaxDrained) limit.MaxRequestBodySize = MaxDrained;
    }

    private static bool IsPreflight(HttpContext http)
    {
        if (!HttpMethods.IsOptions(http.Request.Method) || !http.Request.Headers.ContainsKey("Access-Control-Request-Method")) return false;
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        http.Response.Headers.AccessControlAllowMethods = "GET, HEAD, POST";
        http.Response.Headers.AccessControlAllowHeaders = "Content-Type";
        http.Response.Headers.AccessControlMaxAge = "86400";
        return true;
    }

    /// <summary>What routing, limits and the server refuse by a status alone.</summary>
    private static AcmeException OfStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => AcmeErrors.NotFound(),
        StatusCodes.Status405MethodNotAllowed => AcmeErrors.MethodNotAllowed(),
        StatusCodes.Status413PayloadTooLarge => AcmeErrors.TooLarge(),
        StatusCodes.Status415UnsupportedMediaType => AcmeErrors.UnsupportedMediaType(),
        StatusCodes.Status429TooManyRequests => new AcmeException(AcmeProblemType.RateLimited, "Too many requests from this address. Wait, then try again."),
        >= 500 => AcmeErrors.ServerInternal(),
        _ => new AcmeException(AcmeProblemType.Malformed, "The request can't be served.", status),
    };

    private AcmeException Translate(Exception error)
    {
        switch (error)
        {
            case AcmeException refusal:
                return refusal;
            case ServiceException refusal:
                return Translate(refusal);
            case BadHttpRequestException bad:
                return bad.StatusCode is StatusCodes.Status413PayloadTooLarge ? AcmeErrors.TooLarge() : new AcmeException(AcmeProblemType.Malformed, "The request is damaged.", bad.StatusCode);
            default:
                LogFailed(error);
                return AcmeErrors.ServerInternal();
        }
    }

    private static AcmeException Translate(ServiceException refusal)
    {
        var (type, status) = refusal.Kind switch
        {
            ErrorKind.Invalid => (AcmeProblemType.Malformed, StatusCodes.Status400BadRequest),
            ErrorKind.Unauthenticated => (AcmeProblemType.Unauthorized, StatusCodes.Status401Unauthorized),
            ErrorKind.Forbidden => (AcmeProblemType.Unauthorized, StatusCodes.Status403Forbidden),
            ErrorKind.NotFound => (AcmeProblemType.Malformed, StatusCodes.Status404NotFound),
            ErrorKind.Conflict => (AcmeProblemType.Malformed, StatusCodes.Status409Conflict),
            ErrorKind.Gone => (AcmeProblemType.Malformed, StatusCodes.Status410Gone),
            ErrorKind.TooMany => (AcmeProblemType.RateLimited, StatusCodes.Status429TooManyRequests),
            ErrorKind.Unavailable => (AcmeProblemType.ServerInternal, StatusCodes.Status503ServiceUnavailable),
        };
        return new AcmeException(type, refusal.Message, status) { RetryAfter = refusal.RetryAfter };
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An ACME request failed")]
    private partial void LogFailed(Exception error);
}
