using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Benchmarks.Seeding;
using StarPortal.Benchmarks.Star;
using StarPortal.Benchmarks.Starting;
using StarPortal.Core.Acme;

namespace StarPortal.Benchmarks.Fetching;

/// <summary>The real application and the bare endpoint by turns, asked by the same client in the same way.</summary>
internal static class FetchBenchmark
{
    /// <summary>Until the runtime has compiled what is hot for the second time.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(TimeSpan length, int turns, int connections, CancellationToken ct)
    {
        using var folder = new WorkFolder(null);
        var path = await SeedAsync(folder.FullPath, ct);
        await using var portal = await PortalProcess.StartAsync(Launch(folder.FullPath), ct);
        var url = new Uri(portal.Launch.BaseAddress, path);
        await using var bare = await BareServer.StartAsync(await FetchConnection.ReadAnswerAsync(url, ct), folder.FullPath, ct);

        Subject[] subjects = [new("portal", url, portal.Id), new("bare", new Uri(bare.BaseAddress, path), bare.Id)];
        foreach (var subject in subjects) await MeasureAsync(subject, WarmUp, connections, ct);
        Console.WriteLine("server   fetches/s   server CPU µs/fetch");
        for (var turn = 0; turn < turns; turn++)
            foreach (var subject in subjects) subject.Add(await MeasureAsync(subject, length, connections, ct));

        foreach (var subject in subjects) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{subject.Name,-6} {subject.Rate,11:0} {subject.Micros,21:0.0}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"share of bare: {subjects[0].Rate / subjects[1].Rate:0.00} of the fetches, {subjects[1].Micros / subjects[0].Micros:0.00} by the server's CPU time"));
        return 0;
    }

    /// <returns>The path of the star-certificate.</returns>
    private static async Task<string> SeedAsync(string folder, CancellationToken ct)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Acme:Namespaces:0:Suffix"] = StarSeed.Suffix, ["Acme:Namespaces:0:Challenge"] = "waived", ["Acme:RateLimits:Enabled"] = "false", ["Star:LookupPort"] = "0", ["MyProxy:Port"] = "0",
        };
        await using var rooms = await InProcess.OpenAsync(folder, new SeedClock(TimeProvider.System.GetUtcNow()), settings, ct);
        var order = await StarSeed.MakeAsync(rooms.Services, ct);
        return new Uri(rooms.Services.GetRequiredService<AcmeLinks>().StarCertificate(order.FetchId)).AbsolutePath;
    }

    private static PortalLaunch Launch(string folder) => new()
    {
        DataDirectory = folder, Demo = false,
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_ENVIRONMENT"] = "Production", ["ASPNETCORE_ENVIRONMENT"] = "Production",
        },
    };

    private static async Task<(double Rate, double Micros)> MeasureAsync(Subject subject, TimeSpan length, int connections, CancellationToken ct)
    {
        var open = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => FetchConnection.OpenAsync(subject.Url, ct)));
        using var process = Process.GetProcessById(subject.ProcessId);
        var (before, begun) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        var counts = await Task.WhenAll(open.Select(connection => Task.Run(() => connection.AskAsync(length, ct), ct)));
        var elapsed = Stopwatch.GetElapsedTime(begun);
        process.Refresh();
        var cpu = process.TotalProcessorTime - before;
        foreach (var connection in open) await connection.DisposeAsync();
        return (counts.Sum() / elapsed.TotalSeconds, cpu.TotalMicroseconds / counts.Sum());
    }

    private sealed class Subject(string name, Uri url, int processId)
    {
        private readonly List<(double Rate, double Micros)> turns = [];

        public string Name => name;

        public Uri Url => url;

        public int ProcessId => processId;

        public double Rate => Median(turns.Select(turn => turn.Rate));

        public double Micros => Median(turns.Select(turn => turn.Micros));

        public void Add((double Rate, double Micros) turn) => turns.Add(turn);

        private static double Median(IEnumerable<double> values)
        {
            var sorted = values.Order().ToArray();
            return sorted[sorted.Length / 2];
        }
    }
}
