namespace StarPortal.Web.Hosting.Health;

internal static class HealthEndpoints
{
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz", () => TypedResults.Text("ok\n"));
        endpoints.MapGet("/readyz", async (Readiness readiness, HttpContext context) =>
        {
            var results = await readiness.CheckAsync(context.RequestAborted);
            var ready = results.All(result => result.Problem is null);
            var lines = results.Select(result => $"{result.Name}: {result.Problem ?? "ok"}\n");
            return TypedResults.Text(string.Concat(lines), statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
        return endpoints;
    }
}
