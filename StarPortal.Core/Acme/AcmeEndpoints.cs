using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace StarPortal.Core.Acme;

/// <summary>The route table is the security map: each line says who signs what is sent there.</summary>
public static class AcmeEndpoints
{
    public static IEndpointRouteBuilder MapAcme(this IEndpointRouteBuilder endpoints)
    {
        // Requests carry their own proof and no cookie; limits are the room's own, in its own words.
        var acme = endpoints.MapGroup("/acme").AllowAnonymous().DisableAntiforgery().DisableRateLimiting().ExcludeFromDescription();
        MapDirectory(acme);
        MapAccounts(acme);
        return endpoints;
    }

    private static void MapDirectory(RouteGroupBuilder acme)
    {
        acme.MapMethods("/directory", ["GET", "HEAD"], DirectoryEndpoints.GetDirectory);
        acme.MapPost("/directory", DirectoryEndpoints.PostDirectory).SignedBy(AcmeSigner.Account, evenWithOldTerms: true);
        acme.MapMethods("/new-nonce", ["GET", "HEAD"], DirectoryEndpoints.GetNonce);
        acme.MapPost("/new-nonce", DirectoryEndpoints.PostNonce).SignedBy(AcmeSigner.Account, evenWithOldTerms: true);
    }

    private static void MapAccounts(RouteGroupBuilder acme)
    {
        acme.MapPost("/new-account", AccountEndpoints.NewAccountAsync).SignedBy(AcmeSigner.Key);
        acme.MapPost("/account/{id}", AccountEndpoints.UpdateAsync).SignedBy(AcmeSigner.Account, evenWithOldTerms: true);
        acme.MapPost("/key-change", AccountEndpoints.ChangeKeyAsync).SignedBy(AcmeSigner.Account);
    }
}
