using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace StarPortal.Web.Hosting.Metrics;

/// <summary>Listens to the meters that operators care about, from the start of the process, and writes them down when asked.</summary>
public sealed class MetricsCollector : IHostedService, IDisposable
{
    /// <summary>Our own meters are named by their room.</summary>
    private const string OwnPrefix = "StarPortal";

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "Microsoft.AspNetCore.Components.Server.Circuits", "System.Runtime",
    ];

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricSeries> series = new();

    public MetricsCollector()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (!IsWanted(instrument.Meter.Name)) return;
            series.TryAdd(instrument, new MetricSeries(instrument));
            self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
    }

    /// <summary>Whether a meter is exported, here and by OTLP.</summary>
    public static bool IsWanted(string meter) => meter.StartsWith(OwnPrefix, StringComparison.Ordinal) || Meters.Contains(meter, StringComparer.Ordinal);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        listener.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Everything measured so far, and what is observed now.</summary>
    public string Write()
    {
        foreach (var one in series.Values) one.ForgetObserved();
        listener.RecordObservableInstruments();
        using var text = new StringWriter();
        foreach (var one in series.Values.OrderBy(one => one.Name, StringComparer.Ordinal)) one.WriteTo(text);
        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (series.TryGetValue(instrument, out var one)) one.Record(value, tags);
    }
}
