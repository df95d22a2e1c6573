using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace StarPortal.Benchmarks.Star;

/// <summary>What the engine itself measures of its batches, step by step.</summary>
internal sealed class StepTimes : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<string, double> seconds = new(StringComparer.Ordinal);

    public StepTimes()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "starportal.star.batch.duration") self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            if (IsOn && tags[0].Value is string step) seconds.AddOrUpdate(step, value, (_, sum) => sum + value);
        });
        listener.Start();
    }

    public bool IsOn { get; set; }

    public double Micros(string step, long certificates) => seconds.GetValueOrDefault(step) * 1e6 / certificates;

    public void Dispose() => listener.Dispose();
}
