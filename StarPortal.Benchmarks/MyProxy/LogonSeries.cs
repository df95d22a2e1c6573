using System.Globalization;

namespace StarPortal.Benchmarks.MyProxy;

internal sealed record LogonSeries(double PerSecond, double ProcessorMilliseconds, Figures Times)
{
    public static LogonSeries MedianOf(IReadOnlyCollection<LogonSeries> turns) => new(
        Median(turns.Select(turn => turn.PerSecond)), Median(turns.Select(turn => turn.ProcessorMilliseconds)), turns.OrderBy(turn => turn.Times.P95).ElementAt(turns.Count / 2).Times);

    public void Print(string what) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-19} {PerSecond,8:0} {ProcessorMilliseconds,21:0.00} {Times.P50.TotalMilliseconds,8:0.0} {Times.P95.TotalMilliseconds,8:0.0}"));

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;
}
