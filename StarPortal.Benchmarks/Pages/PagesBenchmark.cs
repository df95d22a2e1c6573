using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using StarPortal.Benchmarks.Seeding;
using StarPortal.Core.Authority;
using StarPortal.Benchmarks.Starting;

namespace StarPortal.Benchmarks.Pages;

/// <summary>Seeds, starts the real application as a child process, signs in and asks for each page many times over one kept connection.</summary>
internal static class PagesBenchmark
{
    private const int WarmUps = 5;

    public static async Task SeedAsync(WorkFolder folder, SeedPlan plan, CancellationToken ct)
    {
        if (File.Exists(Path.Combine(folder.FullPath, "portal.db"))) return;
        var begun = Stopwatch.GetTimestamp();
        var clock = new SeedClock(TimeProvider.System.GetUtcNow() - SeedPlan.Span);
        // RSA 2048 instead of 3072 signs four times as fast, and its certificates are hardly smaller.
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Authority:People:Algorithm"] = nameof(KeyAlgorithm.Rsa2048) };
        await using (var portal = await InProcess.OpenAsync(folder.FullPath, clock, settings, ct))
            await new Seeder(portal.Services, clock, plan).RunAsync(Console.Error.WriteLine, ct);
        SqliteConnection.ClearAllPools();
        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"seeded in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s"));
    }

    /// <returns>1 when a page failed.</returns>
    public static async Task<int> RunAsync(WorkFolder folder, string program, int gets, CancellationToken ct)
    {
        await using var portal = await PortalProcess.StartAsync(LaunchOf(folder, program), ct);
        var visitors = await Visitors.SignInAsync(portal, ct);
        var failures = 0;
        Console.WriteLine($"{"page",-66}{"bytes",9}{"p50 ms",9}{"p95 ms",9}{"max ms",9}");
        foreach (var page in MeasuredPage.All)
        {
            if (!await MeasureAsync(visitors.Of(page.Role), page, gets, ct)) failures++;
        }

        return failures > 0 ? 1 : 0;
    }

    /// <summary>Rate limits are for strangers; a benchmark is one that means it.</summary>
    private static PortalLaunch LaunchOf(WorkFolder folder, string program) => new()
    {
        DataDirectory = folder.FullPath,
        Program = program,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["RateLimits__RequestsPerMinute"] = "0", ["RateLimits__ChangesPerMinute"] = "0", ["Logging__LogLevel__Default"] = "Warning" },
    };

    private static async Task<bool> MeasureAsync(HttpClient visitor, MeasuredPage page, int gets, CancellationToken ct)
    {
        List<TimeSpan> series = [];
        var length = 0;
        for (var number = -WarmUps; number < gets; number++)
        {
            var begun = Stopwatch.GetTimestamp();
            using var response = await visitor.GetAsync(page.Path, ct);
            length = (await response.Content.ReadAsByteArrayAsync(ct)).Length;
            if (!response.IsSuccessStatusCode)
            {
                Console.WriteLine($"{page.Path,-66} {(int)response.StatusCode} {response.StatusCode}");
                return false;
            }

            if (number >= 0) series.Add(Stopwatch.GetElapsedTime(begun));
        }

        var figures = Figures.Of(series);
        Console.WriteLine($"{page.Path,-66}{length,9}{Figures.Milliseconds(figures.P50),9}{Figures.Milliseconds(figures.P95),9}{Figures.Milliseconds(figures.Max),9}");
        return true;
    }
}
