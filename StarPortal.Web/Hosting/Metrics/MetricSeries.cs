using System.Diagnostics.Metrics;

namespace StarPortal.Web.Hosting.Metrics;

/// <summary>What one instrument has measured, by label set: a sum, a last value or a histogram.</summary>
internal sealed class MetricSeries(Instrument instrument)
{
    /// <summary>A label with endless values must not fill the memory: further label sets are left out.</summary>
    private const int MaxLabelSets = 1000;

    /// <summary>Label sets that are compared one by one.</summary>
    private const int MostRecent = 8;

    /// <summary>Seconds: from a millisecond to ten seconds.</summary>
    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock gate = new();
    private readonly Dictionary<string, Cell> cells = new(StringComparer.Ordinal);
    private readonly List<(KeyValuePair<string, object?>[] Tags, Cell Cell)> recent = [];
    private readonly bool isHistogram = instrument.GetType().Name.StartsWith("Histogram", StringComparison.Ordinal);
    private readonly bool isCounter = instrument.GetType().Name is var type && (type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal));
    private readonly bool adds = instrument.GetType().Name is var type && (type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("UpDownCounter", StringComparison.Ordinal));

    public string Name { get; } = PrometheusText.NameOf(instrument);

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (gate)
        {
            if ((FindRecent(tags) ?? Find(tags)) is not { } cell) return;
            if (isHistogram || adds) cell.Sum += value;
            else cell.Sum = value;
            cell.Count++;
            for (var i = 0; i < cell.Buckets.Length; i++)
                if (value <= Bounds[i]) cell.Buckets[i]++;
        }
    }

    /// <summary>Observable instruments report every label set that there is at each collection: what is gone must not stay.</summary>
    public void ForgetObserved()
    {
        if (!instrument.IsObservable) return;
        lock (gate)
        {
            cells.Clear();
            recent.Clear();
        }
    }

    public void WriteTo(TextWriter text)
    {
        lock (gate)
        {
            if (cells.Count == 0) return;
            PrometheusText.WriteHead(text, Name, instrument.Description, isHistogram ? "histogram" : isCounter ? "counter" : "gauge");
            foreach (var (labels, cell) in cells.OrderBy(cell => cell.Key, StringComparer.Ordinal)) Write(text, labels, cell);
        }
    }

    /// <summary>Hot: the same few label sets come with every request, and are not written out for it.</summary>
    private Cell? FindRecent(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (known, cell) in recent)
            if (AreSame(known, tags)) return cell;
        return null;
    }

    private static bool AreSame(KeyValuePair<string, object?>[] known, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (known.Length != tags.Length) return false;
        for (var i = 0; i < known.Length; i++)
            if (known[i].Key != tags[i].Key || !Equals(known[i].Value, tags[i].Value)) return false;
        return true;
    }

    /// <returns>Null: there are too many.</returns>
    private Cell? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusText.LabelsOf(tags);
        if (!cells.TryGetValue(labels, out var cell))
        {
            if (cells.Count >= MaxLabelSets) return null;
            cells[labels] = cell = new Cell(isHistogram ? new long[Bounds.Length] : []);
        }

        if (recent.Count < MostRecent) recent.Add((tags.ToArray(), cell));
        return cell;
    }

    private void Write(TextWriter text, string labels, Cell cell)
    {
        if (!isHistogram)
        {
            PrometheusText.WriteSample(text, Name, labels, cell.Sum);
            return;
        }

        for (var i = 0; i < Bounds.Length; i++)
            PrometheusText.WriteSample(text, $"{Name}_bucket", PrometheusText.With(labels, "le", PrometheusText.Number(Bounds[i])), cell.Buckets[i]);
        PrometheusText.WriteSample(text, $"{Name}_bucket", PrometheusText.With(labels, "le", "+Inf"), cell.Count);
        PrometheusText.WriteSample(text, $"{Name}_sum", labels, cell.Sum);
        PrometheusText.WriteSample(text, $"{Name}_count", labels, cell.Count);
    }

    private sealed class Cell(long[] buckets)
    {
        public double Sum { get; set; }

        public long Count { get; set; }

        /// <summary>Cumulative, as Prometheus has them.</summary>
        public long[] Buckets { get; } = buckets;
    }
}
