using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Cryptography;

namespace StarPortal.Benchmarks.Starting;

/// <summary>How a portal process is started: the same folder and the same ports at each restart, as mailed links and leases name them.</summary>
internal sealed record PortalLaunch
{
    /// <summary>The program that the build made, from the project file of whoever asks.</summary>
    public static string BuiltProgram { get; } = Path.GetFullPath(
        Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "PortalProgram").Value!);

    public required string DataDirectory { get; init; }

    public string Program { get; init; } = BuiltProgram;

    public int HttpsPort { get; init; } = FreePort();

    public int HttpPort { get; init; } = FreePort();

    public bool Demo { get; init; } = true;

    /// <summary>Configuration such as <c>Approval__OfficersRequired__person</c>, and what else the process shall find in its environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public Uri BaseAddress => new($"https://localhost:{HttpsPort}/");

    /// <summary>
    /// A port that nobody listens on, below the range that outgoing connections get theirs from, so that none of those takes it while the
    /// process is down between two starts.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(12_000, 32_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }
}
