using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;

namespace StarPortal.Benchmarks.MyProxy;

/// <summary>
/// Both servers hold the same users. They are asked in turns, and each figure is the median of its turns, so that what else the machine does hits both alike. Before
/// that every user logs on once, which is when the portal takes a key over into its own form.
/// </summary>
internal static class MyProxyBenchmark
{
    private const int LoopLength = 40;

    public static async Task<int> RunAsync(MyProxyPlan plan, CancellationToken ct)
    {
        using var folder = new WorkFolder(null);
        using var data = new WorkFolder(null);
        var site = new GridSite(folder.FullPath, plan.Users);
        await site.MakeAsync(ct);
        await using var portal = await PortalServer.StartAsync(site, data.FullPath, plan.Postgres, ct); // Imports before the genuine server owns the directory.
        await using var genuine = await GenuineServer.StartAsync(site, ct);
        var request = await File.ReadAllBytesAsync(site["proxy.der"], ct);
        await WarmUpAsync(new LogonClient(portal.Port, SslProtocols.Tls13, request), plan, ct);

        Console.WriteLine("                    logons/s   server CPU ms/logon   p50 ms   p95 ms");
#pragma warning disable CA5398 // Each version is measured by itself.
        foreach (var protocol in (SslProtocols[])[SslProtocols.Tls13, SslProtocols.Tls12]) await CompareAsync(genuine, portal, protocol, request, plan, ct);
#pragma warning restore CA5398
        await CompareLoopsAsync(genuine, portal, site, plan.Rounds, ct);
        await MeasureBesideIdleAsync(portal, request, plan, ct);
        if (plan.Hold > TimeSpan.Zero) await HoldAsync(genuine, portal, plan, ct);
        return 0;
    }

    private static Task HoldAsync(GenuineServer genuine, PortalServer portal, MyProxyPlan plan, CancellationToken ct)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"up for {plan.Hold.TotalSeconds:0} s: {genuine.Name} on port {genuine.Port}, process {genuine.ProcessId}; {portal.Name} on port {portal.Port}, process {portal.ProcessId}; users load%05d, pass phrase \"{GridSite.Passphrase}\""));
        return Task.Delay(plan.Hold, ct);
    }

    private static async Task WarmUpAsync(LogonClient client, MyProxyPlan plan, CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, plan.Users), new ParallelOptions { MaxDegreeOfParallelism = plan.Concurrency, CancellationToken = ct },
            async (user, token) => await client.LogOnAsync(GridSite.UserName(user), token));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{plan.Users} users logged on for the first time, their keys taken over: {plan.Users / Stopwatch.GetElapsedTime(begun).TotalSeconds:0}/s"));
    }

    private static async Task CompareAsync(GenuineServer genuine, PortalServer portal, SslProtocols protocol, byte[] request, MyProxyPlan plan, CancellationToken ct)
    {
        List<LogonSeries> theirs = [], ours = [];
        for (var round = 0; round < plan.Rounds; round++)
        {
            theirs.Add(await MeasureAsync(genuine, protocol, request, plan, ct));
            ours.Add(await MeasureAsync(portal, protocol, request, plan, ct));
        }

        var (before, after) = (LogonSeries.MedianOf(theirs), LogonSeries.MedianOf(ours));
        before.Print($"{genuine.Name} {protocol}");
        after.Print($"{portal.Name} {protocol}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{protocol}: {after.PerSecond / before.PerSecond:0.00} times the rate, {after.ProcessorMilliseconds / before.ProcessorMilliseconds:0.00} of the CPU"));
    }

    private static async Task<LogonSeries> MeasureAsync(IMeasuredServer server, SslProtocols protocol, byte[] request, MyProxyPlan plan, CancellationToken ct)
    {
        var client = new LogonClient(server.Port, protocol, request);
        var (used, begun, next) = (ProcessorTime.Of(server.ProcessId), Stopwatch.GetTimestamp(), 0);
        var series = await Task.WhenAll(Enumerable.Range(0, plan.Concurrency).Select(_ => Task.Run(async () =>
        {
            List<TimeSpan> times = [];
            while (Stopwatch.GetElapsedTime(begun) < plan.Length)
            {
                var start = Stopwatch.GetTimestamp();
                await client.LogOnAsync(GridSite.UserName(Interlocked.Increment(ref next) * 7919 % plan.Users), ct);
                times.Add(Stopwatch.GetElapsedTime(start));
            }

            return times;
        }, ct)));
        var (elapsed, logons) = (Stopwatch.GetElapsedTime(begun), series.Sum(times => times.Count));
        return new(logons / elapsed.TotalSeconds, (ProcessorTime.Of(server.ProcessId) - used).TotalMilliseconds / logons, Figures.Of([.. series.SelectMany(times => times)]));
    }

    /// <summary>The genuine client with a ready signing request: what a person waits for, less the making of a key.</summary>
    private static async Task CompareLoopsAsync(GenuineServer genuine, PortalServer portal, GridSite site, int rounds, CancellationToken ct)
    {
        List<TimeSpan> theirs = [], ours = [];
        for (var round = 0; round < rounds; round++)
        {
            theirs.Add(await LoopAsync(genuine, site, ct));
            ours.Add(await LoopAsync(portal, site, ct));
        }

        var (before, after) = (Figures.Of(theirs).P50, Figures.Of(ours).P50);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"myproxy-logon -Q, one after the other: genuine {before.TotalMilliseconds:0.0} ms, StarPortal {after.TotalMilliseconds:0.0} ms, {after / before:0.00} of its time"));
    }

    private static async Task<TimeSpan> LoopAsync(IMeasuredServer server, GridSite site, CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        for (var logon = 0; logon < LoopLength; logon++)
        {
            await CommandLineTool.RunAsync("myproxy-logon", ["-q", "-S", "-s", "localhost", "-p", $"{server.Port}", "-l", GridSite.UserName(logon), "-Q", site["proxy.pem"], "-o", site["out.pem"]],
                start => start.Environment["X509_CERT_DIR"] = server.TrustDirectory, ct, GridSite.Passphrase + "\n");
        }

        return Stopwatch.GetElapsedTime(begun) / LoopLength;
    }

    private static async Task MeasureBesideIdleAsync(PortalServer portal, byte[] request, MyProxyPlan plan, CancellationToken ct)
    {
        var alone = await MeasureAsync(portal, SslProtocols.Tls13, request, plan, ct);
        List<SslStream> idle = [];
        try
        {
            var client = new LogonClient(portal.Port, SslProtocols.Tls13, request);
            for (var i = 0; i < plan.Idle; i++) idle.Add(await client.OpenAsync(ct));
            var beside = await MeasureAsync(portal, SslProtocols.Tls13, request, plan, ct);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"beside {idle.Count} idle connections: {beside.PerSecond / alone.PerSecond:0.00} of the rate without, p95 {beside.Times.P95.TotalMilliseconds:0.0} ms after {alone.Times.P95.TotalMilliseconds:0.0} ms; resident {portal.WorkingSet / 1048576} MiB"));
        }
        finally
        {
            foreach (var connection in idle) await connection.DisposeAsync();
        }
    }
}
