using System.Globalization;
using StarPortal.Benchmarks.Starting;

namespace StarPortal.Benchmarks.MyProxy;

/// <summary>The portal on a repository that was imported from the site's storage directory.</summary>
internal sealed class PortalServer : IMeasuredServer
{
    private readonly PortalProcess process;

    private PortalServer(PortalProcess process, int port, string trustDirectory) => (this.process, Port, TrustDirectory) = (process, port, trustDirectory);

    public string Name => "StarPortal";

    public int Port { get; }

    public int ProcessId => process.Id;

    public string TrustDirectory { get; }

    public long WorkingSet => process.WorkingSet;

    public static async Task<PortalServer> StartAsync(GridSite site, string dataDirectory, string? postgres, CancellationToken ct)
    {
        var port = PortalLaunch.FreePort();
        var launch = new PortalLaunch { DataDirectory = dataDirectory, Demo = false, Environment = Settings(site, port, postgres) };
        await using (await PortalProcess.StartAsync(launch, ct))
        {
            // The first start makes the database, which the import fills.
        }

        await CommandLineTool.RunAsync("dotnet", [launch.Program, "myproxy", "import", site.Storage], start =>
        {
            start.Environment["Portal__DataDirectory"] = dataDirectory;
            foreach (var (name, value) in launch.Environment) start.Environment[name] = value;
        }, ct);
        var portal = await PortalProcess.StartAsync(launch, ct);
        var trust = Path.Combine(dataDirectory, "client-certificates");
        var server = new PortalServer(portal, port, trust);
        await CommandLineTool.RunAsync("myproxy-get-trustroots", ["-b", "-s", "localhost", "-p", $"{port}"], start => start.Environment["X509_CERT_DIR"] = trust, ct);
        return server;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static Dictionary<string, string> Settings(GridSite site, int port, string? postgres)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MyProxy__Port"] = port.ToString(CultureInfo.InvariantCulture),
            ["MyProxy__TrustDirectory"] = site.TrustDirectory,
            ["MyProxy__MaxConnectionsPerAddress"] = "5000",
        };
        if (postgres is not null) (settings["Database__Provider"], settings["Database__ConnectionString"]) = ("PostgreSql", postgres);
        return settings;
    }
}
