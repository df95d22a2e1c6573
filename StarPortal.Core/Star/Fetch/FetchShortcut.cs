using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Star;

/// <summary>
/// Certificates that can be sent as they are, past everything that pages need, once somebody has asked for them: fetching is what this server is asked for most. What is refused, and
/// what is asked by another method, goes on to <see cref="FetchEndpoints"/>. Hot: a certificate is fetched far more often than it is made.
/// </summary>
public sealed class FetchShortcut(RequestDelegate next, StarFetch fetch, AcmeLinks links)
{
    private readonly PathString path = links.BasePath + "/star";
    private readonly string index = $"<{links.Directory}>;rel=\"index\"";

    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (!request.IsHttps || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) || !TryRead(request.Path, out var id)) return next(http);
        var finding = fetch.FindKnownAsync(id, http.RequestAborted);
        return finding.IsCompletedSuccessfully ? AnswerAsync(http, finding.Result) : AnswerAsync(http, finding);
    }

    private async Task AnswerAsync(HttpContext http, ValueTask<PublishedCertificate?> finding) => await AnswerAsync(http, await finding);

    private Task AnswerAsync(HttpContext http, PublishedCertificate? found)
    {
        if (found is not { AllowsGet: true } || fetch.TryAnswer(found, http.Connection.RemoteIpAddress) is not { } answer) return next(http);
        if (http.Features.Get<IHttpMetricsTagsFeature>() is { } metrics) metrics.MetricsDisabled = true; // Counted by StarMetrics, at a tenth of the cost.
        var headers = http.Response.Headers;
        headers.Link = index; // RFC 8555 7.1
        headers.AccessControlAllowOrigin = "*";
        headers.XContentTypeOptions = "nosniff";
        return answer.ExecuteAsync(http);
    }

    private bool TryRead(PathString asked, out Guid id)
    {
        var (text, before) = (asked.Value!, path.Value!);
        id = default;
        return text.Length == before.Length + 33 && text.StartsWith(before, StringComparison.Ordinal) && text[before.Length] == '/' && AcmeLinks.TryParseId(text.AsSpan(before.Length + 1), out id);
    }
}
