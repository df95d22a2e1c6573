using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using StarPortal.Benchmarks.Starting;

namespace StarPortal.Benchmarks.MyProxy;

/// <summary>Debian's myproxy-server, as the account that its package makes, on the site's storage directory.</summary>
internal sealed class GenuineServer : IMeasuredServer
{
    private const string Account = "myproxy";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private GenuineServer(GridSite site, int port, int processId) => (TrustDirectory, Port, ProcessId) = (site.TrustDirectory, port, processId);

    public string Name => "genuine";

    public int Port { get; }

    public int ProcessId { get; }

    public string TrustDirectory { get; }

    public static async Task<GenuineServer> StartAsync(GridSite site, CancellationToken ct)
    {
        await File.WriteAllTextAsync(site["server.config"], "accepted_credentials \"*\"\nauthorized_retrievers \"*\"\ndefault_retrievers \"*\"\n", ct);
        var asRoot = Environment.UserName == "root";
        if (asRoot)
        {
            File.SetUnixFileMode(site[""], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
            await CommandLineTool.RunAsync("chown", ["-R", $"{Account}:{Account}", site.Storage, site["host.key"]], null, ct);
        }

        var port = PortalLaunch.FreePort();
        var pidFile = Path.Combine(site.Storage, "server.pid");
        string[] command = ["myproxy-server", "-l", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-c", site["server.config"], "-s", site.Storage, "-P", pidFile];
        if (asRoot) command = ["setpriv", $"--reuid={Account}", $"--regid={Account}", "--clear-groups", .. command];
        await CommandLineTool.RunAsync(command[0], command[1..], start =>
        {
            start.Environment["X509_CERT_DIR"] = site.TrustDirectory;
            start.Environment["X509_USER_CERT"] = site["host.pem"];
            start.Environment["X509_USER_KEY"] = site["host.key"];
        }, ct);
        await WaitAsync(port, ct);
        return new GenuineServer(site, port, int.Parse(await File.ReadAllTextAsync(pidFile, ct), CultureInfo.InvariantCulture));
    }

    public ValueTask DisposeAsync()
    {
        using var server = Process.GetProcessById(ProcessId);
        server.Kill();
        return ValueTask.CompletedTask;
    }

    private static async Task WaitAsync(int port, CancellationToken ct)
    {
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < StartLimit; await Task.Delay(50, ct))
        {
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync("127.0.0.1", port, ct);
                return;
            }
            catch (SocketException)
            {
                // Not listening yet.
            }
        }

        throw new TimeoutException("myproxy-server does not listen.");
    }
}
