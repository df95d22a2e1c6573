using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using StarPortal.Core.MyProxy;

namespace StarPortal.Tests.MyProxy.Server;

/// <summary>What no genuine client sends, over a real socket to a real process.</summary>
[Trait("Category", "Interop")]
public sealed class RawInputTests : IAsyncLifetime
{
    private const string Passphrase = "correct horse";

    private GridMachine machine = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private int Port => machine.Portal.MyProxyPort;

    public async ValueTask InitializeAsync()
    {
        machine = await GridMachine.StartAsync(
            ("MyProxy:IdleTimeout", "00:00:04"), ("MyProxy:HandshakeTimeout", "00:00:04"), ("MyProxy:RequestTimeout", "00:00:10"), ("MyProxy:RefusalDelay", "00:00:00"), ("MyProxy:MaxConnectionsPerAddress", "400"));
        await machine.MustRunAsync($"{Passphrase}\n", "myproxy-init", "-l", "bob", "-S", "-c", "100", "-t", "10");
    }

    public async ValueTask DisposeAsync()
    {
        Assert.DoesNotContain("unexpectedly", machine.Portal.Output, StringComparison.Ordinal);
        await machine.DisposeAsync();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Request_IsServed_HoweverItIsCut(SslProtocols protocol)
    {
        await using var glued = await (await RawClient.OpenAsync(Port, protocol)).SendAsync("0" + Get() + "\0");
        Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=0\n", await glued.ReadReplyAsync());
        await using var split = await (await RawClient.OpenAsync(Port, protocol)).SendAsync([.. ("0" + Get() + "\0").Select(one => $"{one}")]);
        Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=0\n", await split.ReadReplyAsync());
        await using var endless = await (await RawClient.OpenAsync(Port, protocol)).SendAsync("0", Get());
        Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=0\n", await endless.ReadReplyAsync());
    }

    [Fact]
    public async Task Request_IsRefused_WhenItIsTwoMegabytes()
    {
        await using var client = await RawClient.OpenAsync(Port);
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            await client.SendAsync("0" + Get());
            for (var sent = 0; sent < 200; sent++) await client.SendAsync(new string('x', 10_000));
            throw new IOException("The server took it all, which its limit of patience allows.");
        });
        Assert.Contains("ERROR=Error in myproxy_recv_ex()", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("D")]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\0\0\0\0")]
    public async Task Connection_IsClosed_WhenItIsNoMyProxy(string text)
    {
        await using var client = await (await RawClient.OpenAsync(Port)).SendAsync(text);
        Assert.Equal("", await client.ReadToEndAsync());
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData("0VERSION=MYPROXYv2\nCOMMAND=7\n\0")]
    [InlineData("")]
    public async Task Connection_IsClosed_WhenItIsNoTls(string text)
    {
        using var socket = await RawClient.ConnectAsync(Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), Ct);
        var buffer = new byte[1000];
        int count;
        try
        {
            while ((count = await socket.ReceiveAsync(buffer, Ct)) > 0) Assert.InRange(count, 1, 7); // an alert at most
        }
        catch (SocketException)
        {
            // A reset: it sent more than was read.
        }
    }

    [Fact]
    public async Task Client_IsTold_WhenItIsIdle()
    {
        await using var silent = await RawClient.OpenAsync(Port);
        await using var halfway = await (await RawClient.OpenAsync(Port)).SendAsync("0", "VERSION=MYPROXYv2\n");
        Assert.Equal("", await silent.ReadToEndAsync());
        Assert.Contains("ERROR=The connection was idle for too long.", await halfway.ReadToEndAsync(), StringComparison.Ordinal);
    }

    /// <summary>Such as a certificate request where a request was to come: nobody waits for the NUL that does not follow.</summary>
    [Theory]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nMIIBVTCB")]
    [InlineData("VERSION=MYPROXYv2\nCOMMAND=0\nhello there")]
    public async Task Request_IsRefusedAtOnce_WhenItCanNotBecomeOne(string text)
    {
        await using var client = await (await RawClient.OpenAsync(Port)).SendAsync("0", text);
        var told = await client.ReadToEndAsync();
        Assert.Contains("RESPONSE=1\nERROR=", told, StringComparison.Ordinal);
        Assert.DoesNotContain("idle", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 }, "Unable to delegate credentials.")]
    [InlineData(new byte[] { 0x30, 0x84, 0x7f, 0xff, 0xff, 0xff }, "too large")]
    [InlineData(new byte[] { 0x30, 0x03, 1, 2, 3 }, "Unable to delegate credentials.")]
    [InlineData(new byte[] { 0x30, 0x70, 1, 2, 3 }, "idle")]
    public async Task SigningRequest_IsRefused_WhenItIsRubbish(byte[] sent, string why)
    {
        await using var client = await (await RawClient.OpenAsync(Port)).SendAsync("0", Get() + "\0");
        await client.ReadReplyAsync();
        await client.SendAsync(sent);
        Assert.Contains(why, await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 200, 0x30, 1, 1 })]
    [InlineData(new byte[] { 2, 0x30, 1, 1, 0x30, 1, 1 })]
    [InlineData(new byte[] { 1, 0x30, 1, 1, 0x30, 1, 1 })]
    [InlineData(new byte[] { 3, 0x30, 1, 1 })]
    public async Task Put_IsRefused_WhenTheChainIsRubbish(byte[] sent)
    {
        await using var client = await OpenAsUserAsync(MyProxyCommand.Put, "put");
        Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=0\n", await client.ReadReplyAsync());
        await client.SendAsync(sent);
        Assert.Contains("RESPONSE=1\nERROR=", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("abcd\0")]
    [InlineData("\0")]
    [InlineData("-----BEGIN CERTIFICATE-----\n\0")]
    [InlineData("never ends")]
    public async Task Store_IsRefused_WhenTheBodyIsRubbish(string sent)
    {
        await using var client = await OpenAsUserAsync(MyProxyCommand.Store, "store");
        Assert.Equal("VERSION=MYPROXYv2\nRESPONSE=0\n", await client.ReadReplyAsync());
        await client.SendAsync(sent);
        Assert.Contains("RESPONSE=1\nERROR=", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SlowClients_DisturbNobody()
    {
        var idle = await Task.WhenAll(Enumerable.Range(0, 350).Select(_ => RawClient.ConnectAsync(Port)));
        await machine.MustRunAsync($"{Passphrase}\n", "myproxy-logon", "-l", "bob", "-S", "-o", machine["x.proxy"]);
        Assert.All(await Task.WhenAll(idle.Select(async one => await one.ReceiveAsync(new byte[10], Ct))), count => Assert.Equal(0, count));
        foreach (var one in idle) one.Dispose();
    }

    [Fact]
    public async Task Server_EndsInOrder_WithClientsConnected()
    {
        await using var waiting = await RawClient.OpenAsync(Port);
        using var silent = await RawClient.ConnectAsync(Port);
        Assert.Equal(0, await machine.Portal.StopAsync());
        Assert.Equal("", await waiting.ReadToEndAsync());
    }

    private static string Get(MyProxyCommand command = MyProxyCommand.Get, string userName = "bob") =>
        $"VERSION=MYPROXYv2\nCOMMAND={(int)command}\nUSERNAME={userName}\nPASSPHRASE={Passphrase}\nLIFETIME=3600\n";

    private async Task<RawClient> OpenAsUserAsync(MyProxyCommand command, string userName)
    {
        using var loaded = X509Certificate2.CreateFromPem(machine.Pki.User.Certificate.ExportCertificatePem(), machine.Pki.User.KeyPem);
        var client = await RawClient.OpenAsync(Port, SslProtocols.Tls13, X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), null));
        return await client.SendAsync("0", Get(command, userName) + "\0");
    }
}
