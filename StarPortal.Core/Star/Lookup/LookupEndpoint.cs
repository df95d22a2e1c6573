using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Star;

/// <summary>
/// All that there is on the look-up's port: <c>/serial number</c> and <c>/renewal id</c>, by GET and HEAD. It is no route of the portal, so that neither is seen
/// on the other's port.
/// </summary>
public static class LookupEndpoint
{
    /// <summary>No renewal URI is longer, whatever the host is called.</summary>
    private const int LongestPath = 400;

    /// <summary>The end of the pipeline of requests to the look-up's port.</summary>
    public static void RunLookup(this IApplicationBuilder app, RenewalLookup lookup, StarFetch fetch, AcmeLinks links) => app.Run(async http =>
    {
        http.Response.Headers.Append("Link", $"<{links.Directory}>;rel=\"index\"");
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            throw StarErrors.OnlyLookedAt();
        }

        await (await AnswerAsync(http, lookup, fetch)).ExecuteAsync(http);
    });

    private static async Task<IResult> AnswerAsync(HttpContext http, RenewalLookup lookup, StarFetch fetch)
    {
        var path = http.Request.Path.Value ?? "";
        if (path.Length is < 2 or > LongestPath) throw AcmeErrors.NotFound();
        var asked = lookup.WithoutPrefix(path[1..]);
        // 32 hex digits may be either: both are random, so that one is not the other by chance.
        if (SerialNumber.TryParse(asked, out var serial) && await lookup.FindRenewalIdAsync(serial, http.RequestAborted) is { } known) return Tell(http, known, lookup);
        if (!Guid.TryParseExact(asked, "D", out var renewalId) && !Guid.TryParseExact(asked, "N", out renewalId)) throw AcmeErrors.NotFound();
        var from = http.Connection.RemoteIpAddress;
        return fetch.Answer(await lookup.GetAsync(renewalId, from, http.RequestAborted), from);
    }

    /// <summary>Without a line's end behind the URI: what reads it may not take one off.</summary>
    private static IResult Tell(HttpContext http, Guid renewalId, RenewalLookup lookup)
    {
        http.Response.Headers.Vary = "Accept";
        return WantsJson(http.Request)
            ? TypedResults.Json(new Dictionary<string, string> { ["renewal-uri"] = lookup.RenewalUri(renewalId), ["star-certificate"] = lookup.StarCertificate(renewalId) })
            : TypedResults.Text(lookup.RenewalUri(renewalId), "text/plain");
    }

    private static bool WantsJson(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);
}
