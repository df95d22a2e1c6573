using StarPortal.Core.Delegation;
using StarPortal.Tests.Interop;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>Two CAs of another make for the tests of a class, one that wants a binding of its accounts; names are looked up at a <see cref="ChallengeServer"/>, where all are at 127.0.0.1.</summary>
public sealed class Pebble : IAsyncLifetime
{
    private PebbleProcess? open;
    private PebbleProcess? bound;

    public ChallengeServer Dns { get; private set; } = null!;

    /// <summary>Where http-01 is asked instead of port 80.</summary>
    public int HttpPort { get; } = FreePorts.Take(1)[0];

    public UpstreamServer Server => open!.Server;

    /// <summary>Its accounts need a binding: key-1 with <see cref="PebbleProcess.MacKey"/>.</summary>
    public UpstreamServer BoundServer => bound!.Server;

    public async ValueTask InitializeAsync()
    {
        Dns = await ChallengeServer.StartAsync();
        open = await PebbleProcess.StartAsync($"127.0.0.1:{Dns.DnsPort}", HttpPort);
        bound = await PebbleProcess.StartAsync($"127.0.0.1:{Dns.DnsPort}", HttpPort, needsBinding: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (open is not null) await open.DisposeAsync();
        if (bound is not null) await bound.DisposeAsync();
        if (Dns is not null) await Dns.DisposeAsync();
    }
}
