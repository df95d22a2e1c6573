using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using StarPortal.Core.Identity;
using StarPortal.Core.Revocation;
using StarPortal.Web.Hosting;
using StarPortal.Web.Hosting.Access;

namespace StarPortal.Web.Components.Pages.Revocation;

/// <summary>A person's own data as a download. A POST: taking it is itself a record in the audit log.</summary>
public static class ExportDoor
{
    public static IEndpointRouteBuilder MapDataExport(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/account/export", SendAsync).RequireAuthorization(Policies.SignedIn);
        return endpoints;
    }

    private static async Task<IResult> SendAsync(HttpContext context, IAntiforgery antiforgery, DataExport export, Actors actors, TimeProvider clock, CancellationToken ct)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return TypedResults.Problem("This page has been open for too long. Load it again and repeat.", statusCode: StatusCodes.Status400BadRequest);
        var file = await export.MakeAsync(await context.GetActorAsync(actors, ct), ct);
        return TypedResults.File(file, "application/json", $"my-data-{clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}.json");
    }
}
