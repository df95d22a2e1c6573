using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>Whom the resolver asks: <c>Acme:DnsServers</c>, or else what the system uses (<c>/etc/resolv.conf</c>, read again when it changes).</summary>
public sealed class DnsServerList
{
    private const string SystemFile = "/etc/resolv.conf";

    /// <summary>resolv.conf(5): the resolver of the machine itself, when the file names none.</summary>
    private static readonly IPEndPoint[] Local = [new(IPAddress.Loopback, 53)];

    private readonly DnsServerAddress[] configured;

    private readonly string systemFile;

    private SystemServers? system;

    private IReadOnlyList<IPEndPoint>? resolved;

    public DnsServerList(IOptions<AcmeOptions> options)
        : this(options.Value.DnsServers, SystemFile)
    {
    }

    internal DnsServerList(IEnumerable<string> entries, string systemFile)
    {
        // Entries were checked when the portal started.
        configured = [.. entries.Select(DnsServerAddress.TryParse).OfType<DnsServerAddress>()];
        this.systemFile = systemFile;
    }

    public async ValueTask<IReadOnlyList<IPEndPoint>> GetAsync(CancellationToken ct) =>
        configured.Length == 0 ? OfSystem() : resolved ?? await ResolveAsync(ct);

    /// <summary>Server addresses in the text of a resolv.conf, in its order.</summary>
    internal static IReadOnlyList<IPEndPoint> ReadSystemFile(string text) =>
    [
        .. text.Split('\n').Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", ..] && words.Length > 1 && IPAddress.TryParse(words[1], out _))
            .Select(words => new IPEndPoint(IPAddress.Parse(words[1]), 53)),
    ];

    /// <summary>A server that is configured by its name is looked up by the system, once: it is the administrator's own.</summary>
    private async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(CancellationToken ct)
    {
        List<IPEndPoint> servers = [];
        foreach (var (host, port) in configured) servers.AddRange((await LookUpAsync(host, ct)).Select(address => new IPEndPoint(address, port)));
        if (servers.Count > 0) resolved = servers;
        return servers;
    }

    private static async Task<IPAddress[]> LookUpAsync(string host, CancellationToken ct)
    {
        if (IPAddress.TryParse(host, out var address)) return [address];
        try
        {
            return await System.Net.Dns.GetHostAddressesAsync(host, ct);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private IReadOnlyList<IPEndPoint> OfSystem()
    {
        var changed = File.GetLastWriteTimeUtc(systemFile);
        if (system is { } known && known.Changed == changed) return known.Servers;
        var servers = File.Exists(systemFile) ? ReadSystemFile(File.ReadAllText(systemFile)) : [];
        return (system = new SystemServers(changed, servers.Count > 0 ? servers : Local)).Servers;
    }

    private sealed record SystemServers(DateTime Changed, IReadOnlyList<IPEndPoint> Servers);
}
