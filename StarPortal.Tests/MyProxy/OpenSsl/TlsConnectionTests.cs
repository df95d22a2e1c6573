using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using StarPortal.Core.MyProxy;

namespace StarPortal.Tests.MyProxy.OpenSsl;

[Trait("Category", "Unit")]
public sealed class TlsConnectionTests : IDisposable
{
    private const string Greeting = "greetings\n";

    private readonly TlsScene scene = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static GridPki Pki => TlsScene.Pki;

    [Theory]
    [InlineData("-tls1_2", "TLS 1.2")]
    [InlineData("-tls1_3", "TLS 1.3")]
    public async Task Handshake_SpeaksBothVersions(string version, string protocol)
    {
        var client = scene.RunClientAsync([], version, "-verify_return_error");
        using var server = await scene.AcceptAsync();
        await server.WriteAsync("greetings\n"u8.ToArray(), Ct);
        await server.CloseAsync(Ct);
        Assert.Equal(protocol, server.Protocol);
        Assert.Empty(server.PeerChain);
        Assert.Contains(Greeting, (await client).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshake_IsRefused_WithTls11()
    {
        var client = scene.RunClientAsync([], "-tls1_1", "-cipher", "ALL@SECLEVEL=0");
        await Assert.ThrowsAsync<TlsException>(scene.AcceptAsync);
        Assert.Contains("alert protocol version", (await client).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handshake_Succeeds_WithEcdsaHostKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var ecdsa = new TlsScene(Pki.Issue("CN=localhost,O=StarGrid", key, host: "localhost"));
        var client = ecdsa.RunClientAsync([], "-verify_return_error");
        using var server = await ecdsa.AcceptAsync();
        await server.CloseAsync(Ct);
        Assert.Contains("Verify return code: 0 (ok)", (await client).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_SendsRootInItsChain_AndNoTickets()
    {
        var client = scene.RunClientAsync([], "-tls1_3", "-showcerts");
        using var server = await scene.AcceptAsync();
        await server.WriteAsync("greetings\n"u8.ToArray(), Ct);
        await server.CloseAsync(Ct);
        var output = (await client).Output;
        Assert.Equal(3, output.Split("BEGIN CERTIFICATE").Length);
        Assert.DoesNotContain("Session Ticket arrived", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public async Task PeerChain_IsWhatClientSent_LeafFirst(string version)
    {
        var first = Pki.Proxy(Pki.User);
        var second = Pki.Proxy(first);
        var client = scene.RunClientAsync([second, first, Pki.User], version);
        using var server = await scene.AcceptAsync();
        await server.CloseAsync(Ct);
        await client;
        Assert.Equal([second.Der, first.Der, Pki.User.Der, Pki.Root.Der], server.PeerChain);
    }

    [Fact]
    public async Task Handshake_Succeeds_WhenClientsCertificateIsExpiredOrUntrusted()
    {
        var stranger = new GridPki(Pki.Now).Issue("CN=Stranger", RSA.Create(2048), lifetime: TimeSpan.FromDays(-1));
        var client = scene.RunClientAsync([stranger], "-tls1_3");
        using var server = await scene.AcceptAsync();
        await server.CloseAsync(Ct);
        await client;
        Assert.Equal(stranger.Der, server.PeerChain[0]);
    }

    [Theory]
    [InlineData("GET / HTTP/1.0\r\n\r\n")]
    [InlineData("0VERSION=MYPROXYv2\nCOMMAND=0\n")]
    [InlineData("\u0016\u0003\u0001\u0000\u0005hello")]
    public async Task Handshake_Fails_WhenItIsNoTls(string text)
    {
        using var client = await scene.ConnectAsync();
        await client.GetStream().WriteAsync(System.Text.Encoding.Latin1.GetBytes(text), Ct);
        await Assert.ThrowsAsync<TlsException>(scene.AcceptAsync);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(60)]
    public async Task Handshake_Fails_WhenClientVanishesAfterSomeBytes(int count)
    {
        byte[] hello = [0x16, 3, 1, 1, 0, .. new byte[100]];
        using (var client = await scene.ConnectAsync()) await client.GetStream().WriteAsync(hello.AsMemory(0, count), Ct);
        await Assert.ThrowsAsync<TlsException>(scene.AcceptAsync);
    }

    [Fact]
    public async Task Read_Ends_WhenClientVanishes()
    {
        var (client, server) = await scene.OpenAsync();
        await client.DisposeAsync();
        Assert.Equal(0, await server.ReadAsync(new byte[10], Ct));
        server.Dispose();
    }

    [Fact]
    public async Task Write_FailsAsIo_WhenClientHasReset()
    {
        var (client, server) = await scene.OpenAsync();
        await client.WriteAsync("unread"u8.ToArray(), Ct);
        server.Dispose(); // with unread input: a reset
        var error = await Assert.ThrowsAnyAsync<IOException>(async () => { while (true) await client.WriteAsync(new byte[1000], Ct); });
        Assert.IsType<SocketException>(error.InnerException);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Message_ArrivesWhole_OverManyRecords(SslProtocols protocol)
    {
        var (client, server) = await scene.OpenAsync(protocol);
        var message = RandomNumberGenerator.GetBytes(100_000);
        var sending = server.WriteAsync(message, Ct).AsTask();
        var received = new byte[message.Length];
        await client.ReadExactlyAsync(received, Ct);
        await sending;
        Assert.Equal(message, received);
        server.Dispose();
    }

    [Fact]
    public async Task Read_TakesRecordsAsTheyCome()
    {
        var (client, server) = await scene.OpenAsync();
        await client.WriteAsync("0"u8.ToArray(), Ct);
        await client.WriteAsync("VERSION"u8.ToArray(), Ct);
        var one = new byte[1];
        Assert.Equal(1, await server.ReadAsync(one, Ct));
        Assert.Equal((byte)'0', one[0]);
        Assert.Equal(7, await server.ReadAsync(new byte[100], Ct));
        server.Dispose();
    }

    [Fact]
    public async Task Read_IsCancelled_AndGoesOnAfterwards()
    {
        var (client, server) = await scene.OpenAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await server.ReadAsync(new byte[10], limit.Token));
        await client.WriteAsync("late"u8.ToArray(), Ct);
        Assert.Equal(4, await server.ReadAsync(new byte[10], Ct));
        server.Dispose();
    }

    [Fact]
    public void Context_IsRefused_WhenKeyIsAnothers() =>
        Assert.Throws<CryptographicException>(() => TlsServerContext.Of([Pki.Host.Der, Pki.Root.Der], Pki.User.Key.ExportPkcs8PrivateKey()));

    public void Dispose() => scene.Dispose();
}
