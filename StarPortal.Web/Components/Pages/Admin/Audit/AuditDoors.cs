using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using StarPortal.Core.Audit;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Web.Hosting;
using StarPortal.Web.Hosting.Access;

namespace StarPortal.Web.Components.Pages.Admin.Audit;

/// <summary>The log as a download. A POST: taking the log is itself a record in it.</summary>
public static class AuditDoors
{
    public static IEndpointRouteBuilder MapAuditExport(this IEndpointRouteBuilder endpoints)
    {
        var export = endpoints.MapGroup("/admin/audit/export").RequireAuthorization(Policies.Auditor);
        export.MapPost("/json", (HttpContext context, [FromForm] AuditInput input, AuditExport audit, Actors actors, TimeProvider clock, CancellationToken ct) =>
            SendAsync(context, "application/json", Name(clock, "json"), actor => audit.WriteJsonAsync(input.ToFilter(), context.Response.Body, actor, ct), actors, ct));
        export.MapPost("/csv", (HttpContext context, [FromForm] AuditInput input, AuditExport audit, Actors actors, TimeProvider clock, CancellationToken ct) =>
            SendAsync(context, "text/csv; charset=utf-8", Name(clock, "csv"), actor => audit.WriteCsvAsync(input.ToFilter(), context.Response.Body, actor, ct), actors, ct));
        return endpoints;
    }

    private static async Task SendAsync(HttpContext context, string type, string name, Func<Actor, Task> writeAsync, Actors actors, CancellationToken ct)
    {
        var actor = await context.GetActorAsync(actors, ct);
        context.Response.ContentType = type;
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}\"";
        await writeAsync(actor);
    }

    private static string Name(TimeProvider clock, string extension) =>
        $"audit-{clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}.{extension}";
}
