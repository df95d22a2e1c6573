using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Star;

/// <summary>The star-certificate resource (RFC 8739 3.3, 3.4): anybody by GET or HEAD where the order asked for it, its account by POST-as-GET always.</summary>
public static class FetchEndpoints
{
    public static IEndpointRouteBuilder MapStar(this IEndpointRouteBuilder endpoints)
    {
        var star = endpoints.MapGroup("/acme/star").AllowAnonymous().DisableAntiforgery().DisableRateLimiting().ExcludeFromDescription();
        star.MapMethods("/{fetchId}", ["GET", "HEAD"], FetchAsync);
        star.MapPost("/{fetchId}", FetchSignedAsync).SignedBy(AcmeSigner.Account);
        return endpoints;
    }

    private static async Task<IResult> FetchAsync(string fetchId, StarFetch fetch, HttpContext http)
    {
        var found = await fetch.GetAsync(fetchId, http.Connection.RemoteIpAddress, http.RequestAborted);
        if (!found.AllowsGet) throw StarErrors.NotNegotiated();
        return fetch.Answer(found, http.Connection.RemoteIpAddress);
    }

    private static async Task<IResult> FetchSignedAsync(AcmeRequest request, string fetchId, StarFetch fetch, HttpContext http)
    {
        request.RequirePostAsGet();
        var found = await fetch.GetAsync(fetchId, http.Connection.RemoteIpAddress, http.RequestAborted);
        if (found.AccountId != request.Signer.Id) throw AcmeErrors.NotFound();
        return fetch.Answer(found, http.Connection.RemoteIpAddress);
    }
}
