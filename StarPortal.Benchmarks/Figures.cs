using System.Globalization;

namespace StarPortal.Benchmarks;

/// <summary>What is said about a series of measurements.</summary>
internal sealed record Figures(int Count, TimeSpan P50, TimeSpan P95, TimeSpan Max)
{
    public static Figures Of(IReadOnlyCollection<TimeSpan> series)
    {
        var sorted = series.Order().ToArray();
        return new(sorted.Length, At(sorted, 0.50), At(sorted, 0.95), sorted[^1]);
    }

    public static string Milliseconds(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>The nearest rank: the smallest value that this share of the series does not exceed.</summary>
    private static TimeSpan At(TimeSpan[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}
