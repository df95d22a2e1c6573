using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Benchmarks.Seeding;
using StarPortal.Benchmarks.Starting;
using StarPortal.Core.Data;
using StarPortal.Core.Star;

namespace StarPortal.Benchmarks.Star;

/// <summary>
/// Orders of six-hour certificates, one account's, all below a namespace without challenges, so that nothing leaves the machine. The engine is the
/// product's own, with its database; the clock is wound from slot to slot.
/// </summary>
internal static class StarBenchmark
{
    private const int WarmUpRounds = 2;
    private const int MeasuredRounds = 3;

    public static async Task<int> RunAsync(int[] sizes, int due, string? postgres, CancellationToken ct)
    {
        var bare = await OpenSslSpeed.SignaturesPerSecondAsync(ct);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"openssl speed ecdsap256: {bare:0} signatures/s on one core; this machine has {Environment.ProcessorCount}"));
        Console.WriteLine("orders       due a round   certificates/s   a core, share of bare   read    judge   sign    write µs/certificate   database MiB   resident MiB   find one due ms");
        foreach (var size in sizes) await MeasureAsync(size, Math.Min(due, size), bare, postgres, ct);
        return 0;
    }

    private static async Task MeasureAsync(int size, int due, double bare, string? postgres, CancellationToken ct)
    {
        using var folder = new WorkFolder(null);
        var clock = new SeedClock(TimeProvider.System.GetUtcNow());
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Acme:Namespaces:0:Suffix"] = StarSeed.Suffix, ["Acme:Namespaces:0:Challenge"] = "waived", ["Acme:RateLimits:Enabled"] = "false", ["Star:LookupPort"] = "0", ["MyProxy:Port"] = "0",
        };
        if (postgres is not null) (settings["Database:Provider"], settings["Database:ConnectionString"]) = ("PostgreSql", postgres);
        await using (var portal = await InProcess.OpenAsync(folder.FullPath, clock, settings, ct)) await MeasureAsync(portal, clock, folder, size, due, bare, ct);
        await MeasureStartAsync(folder, settings, ct);
    }

    private static async Task MeasureAsync(WebApplication portal, SeedClock clock, WorkFolder folder, int size, int due, double bare, CancellationToken ct)
    {
        var engine = portal.Services.GetRequiredService<RenewalEngine>();
        var contexts = portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>();
        var rounds = size / due;
        var period = await StarSeed.FillAsync(portal.Services, size, rounds, ct);
        await WindToFirstAsync(contexts, clock, period / rounds, ct);
        using var steps = new StepTimes();

        var elapsed = TimeSpan.Zero;
        for (var round = 0; round < WarmUpRounds + MeasuredRounds; round++)
        {
            if (round == WarmUpRounds) (elapsed, steps.IsOn) = (TimeSpan.Zero, true);
            clock.SetTo(clock.GetUtcNow() + period / rounds);
            var begun = Stopwatch.GetTimestamp();
            await DrainAsync(engine, ct);
            elapsed += Stopwatch.GetElapsedTime(begun);
        }

        steps.IsOn = false;
        var issued = await CountAsync(contexts, ct) - (WarmUpRounds * (long)due);
        if (issued != MeasuredRounds * (long)due) throw new InvalidOperationException($"{issued} certificates were issued in {MeasuredRounds} rounds of {due}.");
        var rate = issued / elapsed.TotalSeconds;
        var finding = Stopwatch.GetTimestamp();
        await engine.RenewDueAsync(ct);
        var found = Stopwatch.GetElapsedTime(finding);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{size,-12} {due,-13} {rate,14:0} {rate / Environment.ProcessorCount / bare,23:0.000} {steps.Micros("read", issued),7:0.0} {steps.Micros("judge", issued),7:0.0} {steps.Micros("sign", issued),7:0.0} {steps.Micros("write", issued),7:0.0} {DatabaseSize(folder.FullPath),29:0} {Environment.WorkingSet / 1048576,14} {found.TotalMilliseconds,17:0.0}"));
        if (rounds == 1) await MeasureOutageAsync(engine, contexts, clock, period, size, ct);
    }

    /// <summary>So that the next step makes the first group due.</summary>
    private static async Task WindToFirstAsync(IDbContextFactory<PortalDbContext> contexts, SeedClock clock, TimeSpan step, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var first = await db.StarOrders.Where(order => order.DueAt != null).MinAsync(order => order.DueAt, ct);
        if (first - step is { } before && before > clock.GetUtcNow()) clock.SetTo(before);
    }

    /// <summary>The real application on what the run has left.</summary>
    private static async Task MeasureStartAsync(WorkFolder folder, Dictionary<string, string?> settings, CancellationToken ct)
    {
        var environment = settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!, StringComparer.Ordinal);
        var begun = Stopwatch.GetTimestamp();
        await using var portal = await PortalProcess.StartAsync(new PortalLaunch { DataDirectory = folder.FullPath, Demo = false, Environment = environment }, ct);
        var elapsed = Stopwatch.GetElapsedTime(begun);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"started on it: ready after {elapsed.TotalSeconds:0.0} s, resident {portal.WorkingSet / 1048576} MiB"));
    }

    /// <summary>Two periods without an engine: how long until nothing is late, and that every slot is there.</summary>
    private static async Task MeasureOutageAsync(RenewalEngine engine, IDbContextFactory<PortalDbContext> contexts, SeedClock clock, TimeSpan period, int size, CancellationToken ct)
    {
        var before = await CountAsync(contexts, ct);
        clock.SetTo(clock.GetUtcNow() + period * 2);
        var begun = Stopwatch.GetTimestamp();
        await DrainAsync(engine, ct);
        var elapsed = Stopwatch.GetElapsedTime(begun);
        var issued = await CountAsync(contexts, ct) - before;
        if (issued != 2L * size) throw new InvalidOperationException($"{issued} certificates were issued after two periods for {size} orders.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"after two periods of outage: {issued} certificates in {elapsed.TotalSeconds:0.0} s, none left out"));
    }

    private static async Task DrainAsync(RenewalEngine engine, CancellationToken ct)
    {
        while (await engine.RenewDueAsync(ct) > 0)
        {
            // Until nothing is due.
        }
    }

    private static async Task<long> CountAsync(IDbContextFactory<PortalDbContext> contexts, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.StarCertificates.LongCountAsync(certificate => certificate.Slot > 0, ct);
    }

    private static double DatabaseSize(string folder) => new DirectoryInfo(folder).EnumerateFiles("portal.db*").Sum(file => file.Length) / 1048576.0;
}
