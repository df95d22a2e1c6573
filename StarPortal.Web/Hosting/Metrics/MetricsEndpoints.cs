using StarPortal.Web.Hosting.Status;

namespace StarPortal.Web.Hosting.Metrics;

internal static class MetricsEndpoints
{
    public static IServiceCollection AddMetricsExport(this IServiceCollection services)
    {
        services.AddSingleton<MetricsCollector>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricsCollector>());
        services.AddHostedService<StatusGauges>();
        services.AddHostedService<Telemetry>();
        return services;
    }

    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/metrics", async (MetricsCollector collector, StatusReader status, CancellationToken ct) =>
        {
            await status.ReadAsync(ct);
            return TypedResults.Text(collector.Write(), PrometheusText.ContentType);
        });
        return endpoints;
    }
}
