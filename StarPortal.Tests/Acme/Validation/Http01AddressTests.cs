using System.Net;
using System.Net.Sockets;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>Whom http-01 connects to: what the DNS says once, as far as it is permitted (RFC 8555 10.4, RFC 8738).</summary>
[Trait("Category", "Unit")]
public sealed class Http01AddressTests : IAsyncDisposable
{
    private readonly Http01Scene scene = new();

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    /// <summary>DNS that says something else the second time: what was checked is what is connected to.</summary>
    [Fact]
    public async Task Name_IsResolvedOnce_ForAConnection_AndAgainForARedirect()
    {
        var answers = new Queue<string>(["127.0.0.2", "10.0.0.1"]);
        scene.Bench.Dns.Misbehave = asked => asked.Type == TestDnsServer.A
            ? [new DnsReply(asked.Id).Question(asked.Name, 1).RecordAt(1, DnsReply.Address(answers.Dequeue())).ToArray()]
            : [new DnsReply(asked.Id).Question(asked.Name, asked.Type).ToArray()];
        scene.Serve(_ => ScriptedServer.Redirect("/again"));
        await scene.InvalidAsync(AcmeProblemType.Connection, "10.0.0.1 is a private address");
        Assert.Empty(answers);
    }

    [Fact]
    public async Task NextAddress_IsTried_WhenOneDoesNotAccept()
    {
        scene.Bench.Acme.AllowNets = ["127.0.0.0/24"];
        scene.Bench.Dns.Misbehave = asked => asked.Type == 1
            ? [new DnsReply(asked.Id).Question(asked.Name, 1).RecordAt(1, [127, 0, 0, 9]).RecordAt(1, [127, 0, 0, 2]).ToArray()]
            : null;
        scene.Serve(_ => ScriptedServer.Ok(Http01Scene.Right));
        var outcome = await scene.ValidateAsync();
        Assert.True(outcome.IsValid, outcome.Detail);
        Assert.Contains(outcome.Trace, line => line.Contains("connect to 127.0.0.9", StringComparison.Ordinal) && line.Contains("refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AddressThatIsNotPermitted_IsPassedOver_WhenAnotherIs()
    {
        scene.Bench.Dns.Address4(ValidationBench.Host, "10.0.0.1").Address6(ValidationBench.Host, "::1");
        scene.Serve(_ => ScriptedServer.Ok(Http01Scene.Right));
        Assert.True((await scene.ValidateAsync()).IsValid);
    }

    [Fact]
    public async Task NobodyListens_IsAConnectionProblem()
    {
        scene.Bench.Acme.Http01Port = FreePorts.Take(1)[0];
        await scene.InvalidAsync(AcmeProblemType.Connection, "127.0.0.2 refused the connection");
    }

    [Fact]
    public async Task Name_WithoutAddress_IsADnsProblem()
    {
        scene.Bench.Dns.Text("text.example.org", "x");
        await scene.InvalidAsync(AcmeProblemType.Dns, "does not exist (NXDOMAIN)", "nowhere.example.org");
        await scene.InvalidAsync(AcmeProblemType.Dns, "neither an A nor an AAAA record", "text.example.org");
        scene.Bench.Dns.Misbehave = asked => [new DnsReply(asked.Id, 0x8182).Question(asked.Name, asked.Type).ToArray()];
        await scene.InvalidAsync(AcmeProblemType.Dns, "the DNS server answered SERVFAIL");
    }

    [Theory]
    [InlineData("127.0.0.2", "127.0.0.2")]
    [InlineData("::1", "[::1]")]
    public async Task Address_IsConnectedTo_WithoutDns(string address, string host)
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "No IPv6 here.");
        scene.Bench.Acme.AllowNets = [address];
        var head = "";
        var server = scene.Serve(asked => { head = asked; return ScriptedServer.Ok(Http01Scene.Right); }, IPAddress.Parse(address));
        var outcome = await scene.ValidateAsync(address);
        Assert.True(outcome.IsValid, outcome.Detail);
        Assert.Contains($"\r\nHost: {host}:{server.Port}\r\n", head, StringComparison.Ordinal);
        Assert.Empty(scene.Bench.Dns.Asked);
    }

    [Fact]
    public async Task Address_ThatIsNotPermitted_IsRefused() => await scene.InvalidAsync(AcmeProblemType.Connection, "loopback address", "127.0.0.1");
}
