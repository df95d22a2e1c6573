using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>The registry's answers for machines. A resource's token comes with each question; no cookie counts, and nothing is changed here.</summary>
public static class RegistryEndpoints
{
    private const int PageSize = 1_000;

    public static IEndpointRouteBuilder MapRegistry(this IEndpointRouteBuilder endpoints)
    {
        var registry = endpoints.MapGroup("/api/v1/registry").AllowAnonymous().WithTags("Registry");
        registry.MapMethods("/resources/{name}/people", ["GET", "HEAD"], GetPeopleAsync).Produces<PeopleJson>().WithSummary("Who may use the resource, by DN, a thousand at a time.");
        registry.MapMethods("/resources/{name}/grid-mapfile", ["GET", "HEAD"], GetGridMapfileAsync).Produces<string>(StatusCodes.Status200OK, "text/plain").WithSummary("The same as a grid-mapfile. Its ETag is the SHA-256 of it.");
        registry.MapMethods("/decision", ["GET", "HEAD"], GetDecisionAsync).Produces<DecisionJson>().WithSummary("Whether somebody, by DN, may use the resource, and as which local account.");
        return endpoints;
    }

    private static Task<IResult> GetPeopleAsync(HttpContext http, string name, string? after, RegistryAnswers answers, CancellationToken ct) => AnswerAsync(http, async (authorization, address) =>
    {
        var rest = (await answers.ListAsync(name, authorization, address, ct)).Where(person => string.CompareOrdinal(person.Dn, after) > 0).Take(PageSize + 1).ToList();
        var page = rest.Take(PageSize).Select(PersonJson.Of).ToList();
        return Results.Json(new PeopleJson(name, page, rest.Count > PageSize ? page[^1].Dn : null), RegistryJsonContext.Default.PeopleJson);
    });

    private static Task<IResult> GetDecisionAsync(HttpContext http, string? resource, string? dn, RegistryAnswers answers, CancellationToken ct) => AnswerAsync(http, async (authorization, address) =>
        Results.Json(DecisionJson.Of(resource ?? "", dn ?? "", await answers.DecideAsync(resource, dn, authorization, address, ct)), RegistryJsonContext.Default.DecisionJson));

    private static Task<IResult> GetGridMapfileAsync(HttpContext http, string name, RegistryAnswers answers, CancellationToken ct) => AnswerAsync(http, async (authorization, address) =>
    {
        var octets = Encoding.ASCII.GetBytes(await answers.GridMapfileAsync(name, authorization, address, ct));
        http.Response.Headers.CacheControl = "private, no-cache"; // Kept, but asked about each time: 304.
        return Results.Bytes(octets, "text/plain; charset=us-ascii", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(octets))}\""));
    });

    private static async Task<IResult> AnswerAsync(HttpContext http, Func<string?, string?, Task<IResult>> answer)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            return await answer(http.Request.Headers.Authorization is [var shown] ? shown : null, http.Connection.RemoteIpAddress?.ToString());
        }
        catch (ServiceException refused) when (refused.Kind is ErrorKind.Unauthenticated)
        {
            http.Response.OnStarting(() => // Whoever writes the answer begins with headers of its own.
            {
                http.Response.Headers.WWWAuthenticate = "Bearer realm=\"registry\"";
                return Task.CompletedTask;
            });
            throw;
        }
    }
}
