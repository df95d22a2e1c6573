using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace StarPortal.Web.Hosting.Metrics;

/// <summary>OTLP, when the standard variable OTEL_EXPORTER_OTLP_ENDPOINT names a collector: the same meters as /metrics, and a trace of each request.</summary>
internal sealed class Telemetry : IHostedService, IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private MeterProvider? meters;
    private TracerProvider? traces;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(EndpointVariable))) return Task.CompletedTask;
        var resource = ResourceBuilder.CreateDefault().AddService("starportal", serviceVersion: PortalHost.Version).AddEnvironmentVariableDetector();
        meters = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource)
            .AddMeter("StarPortal*", "Microsoft.AspNetCore.*", "System.Runtime")
            .AddView(instrument => MetricsCollector.IsWanted(instrument.Meter.Name) ? null : MetricStreamConfiguration.Drop)
            .AddOtlpExporter().Build();
        traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource("Microsoft.AspNetCore", "StarPortal*").AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    /// <summary>What is not sent yet goes now.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        meters?.Dispose();
        traces?.Dispose();
        (meters, traces) = (null, null);
    }
}
