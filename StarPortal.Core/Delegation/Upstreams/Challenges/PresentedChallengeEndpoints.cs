using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace StarPortal.Core.Delegation;

/// <summary>What upstreams ask for to validate by http-01 (RFC 8555 8.3): public, over plain HTTP, never a redirect.</summary>
public static class PresentedChallengeEndpoints
{
    public const string Path = "/.well-known/acme-challenge";

    private const int MaxToken = 200;

    public static IEndpointRouteBuilder MapPresentedChallenges(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(Path + "/{token}", ["GET", "HEAD"], GetAsync).AllowAnonymous().DisableAntiforgery().DisableRateLimiting().ExcludeFromDescription();
        return endpoints;
    }

    private static async Task<IResult> GetAsync(string token, PresentedChallenges challenges, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return token.Length <= MaxToken && await challenges.FindAsync(token, http.RequestAborted) is { } keyAuthorization
            ? Results.Bytes(Encoding.ASCII.GetBytes(keyAuthorization), "application/octet-stream")
            : Results.NotFound();
    }
}
