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
        var acme = endpoints.MapGroup(AcmeLinks.MainPath).AllowAnonymous().DisableAntiforgery().DisableRateLimiting().ExcludeFromDescription();
        MapDirectory(acme);
        MapAccounts(acme);
        MapOrders(acme);
        MapCertificates(acme);
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
        acme.MapPost("/account/{id}/orders", AccountEndpoints.OrdersAsync).SignedBy(AcmeSigner.Account);
        acme.MapPost("/key-change", AccountEndpoints.ChangeKeyAsync).SignedBy(AcmeSigner.Account);
    }

    private static void MapOrders(RouteGroupBuilder acme)
    {
        acme.MapPost("/new-order", OrderEndpoints.NewOrder).SignedBy(AcmeSigner.Account); // RFC 8555 7.4
        acme.MapPost("/order/{orderId}", OrderEndpoints.Order).SignedBy(AcmeSigner.Account);
        acme.MapPost("/order/{orderId}/finalize", OrderEndpoints.Finalize).SignedBy(AcmeSigner.Account);
        acme.MapPost("/new-authz", AuthorizationEndpoints.NewAuthorization).SignedBy(AcmeSigner.Account); // 7.4.1
        acme.MapPost("/authz/{authorizationId}", AuthorizationEndpoints.Authorization).SignedBy(AcmeSigner.Account); // 7.5
        acme.MapPost("/challenge/{challengeId}", AuthorizationEndpoints.Challenge).SignedBy(AcmeSigner.Account); // 7.5.1
    }

    private static void MapCertificates(RouteGroupBuilder acme)
    {
        acme.MapMethods("/certificate/{orderId}", ["GET", "HEAD"], OrderEndpoints.OpenCertificate); // RFC 9115 2.3.5: anybody, where the order says so
        acme.MapPost("/certificate/{orderId}", OrderEndpoints.Certificate).SignedBy(AcmeSigner.Account); // 7.4.2
        acme.MapPost("/certificate/{orderId}/{chain:int}", OrderEndpoints.CertificateChain).SignedBy(AcmeSigner.Account);
        acme.MapPost("/revoke-cert", OrderEndpoints.Revoke).SignedBy(AcmeSigner.AccountOrKey); // 7.6
        acme.MapMethods("/renewal-info/{certificateId}", ["GET", "HEAD"], OrderEndpoints.RenewalInfo); // RFC 9773 4.1: anybody
    }
}
