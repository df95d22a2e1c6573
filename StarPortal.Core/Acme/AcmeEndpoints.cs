using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace StarPortal.Core.Acme;

/// <summary>The route table is the security map: each line says who signs what is sent there.</summary>
public static class AcmeEndpoints
{
    public static IEndpointRouteBuilder MapAcme(this IEndpointRouteBuilder endpoints)
    {
        var acme = endpoints.MapGroup("/acme").AllowAnonymous().DisableAntiforgery().DisableRateLimiting().ExcludeFromDescription();
        _ = acme;
        return endpoints;
    }
}
