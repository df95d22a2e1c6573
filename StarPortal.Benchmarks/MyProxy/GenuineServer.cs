using System.Diagnostics;
using System.Globalization;
using StarPortal.Benchmarks.Starting;

namespace StarPortal.Benchmarks.MyProxy;

/// <summary>Debian's myproxy-server on the site's storage directory.</summary>
internal sealed class GenuineServer : IMeasuredServer
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private GenuineServer(GridSite site, int port, int processId) => (TrustDirectory, Port, ProcessId) = (site.TrustDirectory, port, processId);

    public string Name => "genuine";

    public int Port { get; }

    public int ProcessId { get; }

    public string TrustDirectory { get; }

    public static async Task<GenuineServer> StartAsync(GridSite site, CancellationToken ct)
    {
        await File.WriteAllTextAsync(site["server.config"], "accepted_credentials \"*\"\nauthorized_retrievers \"*\"\ndefault_retrievers \"*\"\n", ct);
        var (port, pidFile) = (PortalLaunch.FreePort(), site["server.pid"]);
        var start = new ProcessStartInfo("myproxy-server", ["-l", "127.0.0.1", "-p", $"{port}", "-c", site["server.config"], "-s", site.Storage, "-P", pidFile]) { UseShellExecute = false };
        (start.Environment["X509_CERT_DIR"], start.Environment["X509_USER_CERT"], start.Environment["X509_USER_KEY"]) = (site.TrustDirectory, site["host.pem"], site["host.key"]);
        using var starter = Process.Start(start) ?? throw new InvalidOperationException("myproxy-server does not start.");
        await starter.WaitForExitAsync(ct); // The server goes on in the background.
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < StartLimit; await Task.Delay(50, ct))
            if (await ReadIdAsync(pidFile, ct) is { } id) return new GenuineServer(site, port, id);
        throw new TimeoutException("myproxy-server does not run: the system's log says why.");
    }

    public ValueTask DisposeAsync()
    {
        using var server = Process.GetProcessById(ProcessId);
        server.Kill();
        return ValueTask.CompletedTask;
    }

    /// <summary>The server keeps the file locked, which .NET heeds even to read it.</summary>
    private static async Task<int?> ReadIdAsync(string pidFile, CancellationToken ct) =>
        File.Exists(pidFile) && int.TryParse(await CommandLineTool.RunAsync("cat", [pidFile], null, ct), NumberStyles.Integer, CultureInfo.InvariantCulture, out var id) ? id : null;
}
