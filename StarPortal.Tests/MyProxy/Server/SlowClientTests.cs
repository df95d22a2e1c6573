using System.Net.Sockets;

namespace StarPortal.Tests.MyProxy.Server;

/// <summary>Slow clients by the thousand: silent ones, some in the middle of a handshake, some in the middle of a request. Others are served, and the limits hold.</summary>
[Trait("Category", "Interop")]
public sealed class SlowClientTests
{
    private const string Passphrase = "correct horse";
    private const int Silent = 1_200;
    private const int Greeting = 500;
    private const int Asking = 300;
    private const int Room = 20;
    private const int TooMany = 200;

    /// <summary>A TLS record that promises 512 bytes of handshake, and brings one.</summary>
    private static readonly byte[] BeginningOfHello = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logon_Works_BesideThousandsOfSlowClients_AndTheLimitHolds()
    {
        await using var machine = await GridMachine.StartAsync(
            ("MyProxy:IdleTimeout", "00:02:00"), ("MyProxy:HandshakeTimeout", "00:02:00"), ("MyProxy:RequestTimeout", "00:05:00"), ("MyProxy:RefusalDelay", "00:00:00"),
            ("MyProxy:MaxConnectionsPerAddress", $"{Silent + Greeting + Asking + Room}"));
        var port = machine.Portal.MyProxyPort;
        await machine.MustRunAsync($"{Passphrase}\n", "myproxy-init", "-l", "bob", "-S", "-c", "100", "-t", "10");
        List<Socket> sockets = [];
        List<RawClient> clients = [];
        try
        {
            for (var i = 0; i < Silent + Greeting; i++) sockets.Add(await RawClient.ConnectAsync(port));
            foreach (var greeting in sockets.Take(Greeting)) await greeting.SendAsync(BeginningOfHello, Ct);
            for (var i = 0; i < Asking; i++) clients.Add(await (await RawClient.OpenAsync(port)).SendAsync("0", "VERSION=MYPROXYv2\nCOMM"));
            await LogOnAsync(machine);

            foreach (var greeting in sockets.Take(Greeting)) await greeting.SendAsync(new byte[] { 0 }, Ct); // still alive, still slow
            foreach (var asking in clients) await asking.SendAsync("A");
            await LogOnAsync(machine);

            await RequireTurnedAwayAsync(port, sockets);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
            foreach (var client in clients) await client.DisposeAsync();
        }

        await LogOnAgainAsync(machine);
        Assert.DoesNotContain("unexpectedly", machine.Portal.Output, StringComparison.Ordinal);
    }

    /// <summary>Of more than there is room for, those that are too many are let go without a word.</summary>
    private static async Task RequireTurnedAwayAsync(int port, List<Socket> sockets)
    {
        var late = new List<Socket>();
        for (var i = 0; i < TooMany; i++) late.Add(await RawClient.ConnectAsync(port));
        sockets.AddRange(late);
        var reads = late.ConvertAll(ReadAsync);
        for (var closed = 0; closed < TooMany - Room; closed++)
        {
            var first = await Task.WhenAny(reads);
            Assert.Equal(0, await first);
            reads.Remove(first);
        }
    }

    /// <returns>0: closed, whether in order or by a reset.</returns>
    private static async Task<int> ReadAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[10], Ct);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    /// <summary>The server sees by and by that they are gone: then there is room again.</summary>
    private static async Task LogOnAgainAsync(GridMachine machine)
    {
        const int tries = 20;
        for (var i = 1; i < tries; i++)
        {
            var tool = await machine.RunAsync($"{Passphrase}\n", "myproxy-logon", "-l", "bob", "-S", "-o", machine["x.proxy"]);
            if (tool.ExitCode == 0) return;
        }

        await LogOnAsync(machine);
    }

    private static Task<string> LogOnAsync(GridMachine machine) => machine.MustRunAsync($"{Passphrase}\n", "myproxy-logon", "-l", "bob", "-S", "-o", machine["x.proxy"]);
}
