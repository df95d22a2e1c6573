using System.Diagnostics;
using System.Globalization;
using StarPortal.Benchmarks.Starting;

namespace StarPortal.Benchmarks.Acme;

/// <summary>
/// Clients in this process, the application beside it on the same cores: the rate is what both reach together, the CPU time a flow is the server's own.
/// </summary>
internal static class AcmeBenchmark
{
    public static async Task<int> RunAsync(TimeSpan length, int concurrency, string? postgres, string? only, CancellationToken ct)
    {
        Console.WriteLine("challenges   flows/s   server CPU ms/flow   p50 ms   p95 ms   max ms   errors   resident MiB");
        foreach (var challenges in (string[])["waived", "http-01"])
        {
            if (only is not null && only != challenges) continue;
            using var folder = new WorkFolder(null);
            await using var world = ChallengeServer.Start();
            await using var portal = await PortalProcess.StartAsync(Launch(folder, world, challenges == "waived", postgres), ct);
            await MeasureAsync(portal, world, challenges, length, concurrency, ct);
        }

        return 0;
    }

    private static PortalLaunch Launch(WorkFolder folder, ChallengeServer world, bool isWaived, string? postgres)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Acme__RateLimits__Enabled"] = "false",
            ["Acme__AllowPrivateAddresses"] = "true",
            ["Acme__Http01Port"] = world.HttpPort.ToString(CultureInfo.InvariantCulture),
            ["Acme__DnsServers__0"] = $"127.0.0.1:{world.DnsPort}",
            ["RateLimits__RequestsPerMinute"] = "0",
            ["RateLimits__ChangesPerMinute"] = "0",
        };
        if (isWaived) (environment["Acme__Namespaces__0__Suffix"], environment["Acme__Namespaces__0__Challenge"]) = ("bench.example.org", "waived");
        if (postgres is not null) (environment["Database__Provider"], environment["Database__ConnectionString"]) = ("PostgreSql", postgres);
        return new PortalLaunch { DataDirectory = folder.FullPath, Demo = false, Environment = environment };
    }

    private static async Task MeasureAsync(PortalProcess portal, ChallengeServer world, string challenges, TimeSpan length, int concurrency, CancellationToken ct)
    {
        var clients = new List<AcmeFlow>();
        for (var i = 0; i < concurrency; i++) clients.Add(await AcmeFlow.OpenAsync(portal.NewClient(cookies: false), world, i, ct));

        _ = await DriveAsync(clients, length / 3, ct);
        using var process = Process.GetProcessById(portal.Id);
        var before = process.TotalProcessorTime;
        var (watch, flows, errors) = await DriveAsync(clients, length, ct);
        process.Refresh();
        var cpu = process.TotalProcessorTime - before;

        if (flows.Count == 0) throw new InvalidOperationException($"No flow was completed, {errors.Count} failed. The first: {errors.FirstOrDefault()}\n{portal.Output}");
        var figures = Figures.Of(flows);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{challenges,-10} {flows.Count / watch.TotalSeconds,9:0} {cpu.TotalMilliseconds / flows.Count,20:0.000} {figures.P50.TotalMilliseconds,8:0.0} {figures.P95.TotalMilliseconds,8:0.0} {figures.Max.TotalMilliseconds,8:0.0} {errors.Count,8} {portal.WorkingSet / 1048576,14}"));
        if (errors.Count > 0) Console.WriteLine($"first error: {errors[0]}");
        foreach (var client in clients) client.Dispose();
    }

    private static async Task<(TimeSpan Elapsed, List<TimeSpan> Flows, List<string> Errors)> DriveAsync(List<AcmeFlow> clients, TimeSpan length, CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        var series = await Task.WhenAll(clients.Select(client => Task.Run(async () =>
        {
            List<TimeSpan> flows = [];
            List<string> errors = [];
            while (Stopwatch.GetElapsedTime(begun) < length)
            {
                var start = Stopwatch.GetTimestamp();
                try
                {
                    await client.RunAsync(ct);
                    flows.Add(Stopwatch.GetElapsedTime(start));
                }
                catch (Exception error) when (error is InvalidOperationException or HttpRequestException or KeyNotFoundException)
                {
                    errors.Add(error.Message);
                    await Task.Delay(20, ct);
                }
            }

            return (flows, errors);
        }, ct)));
        return (Stopwatch.GetElapsedTime(begun), [.. series.SelectMany(one => one.flows)], [.. series.SelectMany(one => one.errors)]);
    }
}
