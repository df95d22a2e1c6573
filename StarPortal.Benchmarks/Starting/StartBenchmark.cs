using System.Diagnostics;
using System.Globalization;

namespace StarPortal.Benchmarks.Starting;

/// <summary>
/// Starts the real application on an empty data directory (schema, CA keys, certificates) and once more on the same. "First page" is the
/// complete answer to GET / over HTTPS.
/// </summary>
internal static class StartBenchmark
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(int runs, string program, CancellationToken ct)
    {
        List<TimeSpan> first = [], second = [];
        List<long> afterPage = [], idle = [];
        for (var run = 0; run < runs; run++)
        {
            using var folder = new WorkFolder(null);
            var launch = new PortalLaunch { DataDirectory = folder.FullPath, Program = program };
            var (time, memory, _) = await MeasureAsync(launch, TimeSpan.Zero, ct);
            first.Add(time);
            afterPage.Add(memory);
            (time, _, memory) = await MeasureAsync(launch, Idle, ct);
            second.Add(time);
            idle.Add(memory);
        }

        Print("first start to first page", Figures.Of(first));
        Print("second start to first page", Figures.Of(second));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"resident memory: {Megabytes(afterPage)} MB after the first page of a first start, {Megabytes(idle)} MB when idle for {Idle.TotalSeconds:0} s (medians)"));
        return 0;
    }

    private static async Task<(TimeSpan FirstPage, long MemoryThen, long MemoryIdle)> MeasureAsync(PortalLaunch launch, TimeSpan idle, CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        await using var portal = await PortalProcess.StartAsync(launch, ct);
        using var visitor = portal.NewClient();
        using var page = await visitor.GetAsync("/", ct);
        page.EnsureSuccessStatusCode();
        var time = Stopwatch.GetElapsedTime(begun);
        var then = portal.WorkingSet;
        await Task.Delay(idle, ct);
        return (time, then, portal.WorkingSet);
    }

    private static string Megabytes(List<long> sizes) => (sizes.Order().ElementAt(sizes.Count / 2) / 1_000_000.0).ToString("0", CultureInfo.InvariantCulture);

    private static void Print(string what, Figures figures) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what,-28} p50 {figures.P50.TotalSeconds:0.00} s   max {figures.Max.TotalSeconds:0.00} s   ({figures.Count} runs)"));
}
