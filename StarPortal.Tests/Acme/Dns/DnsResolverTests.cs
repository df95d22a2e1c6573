using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>The resolver against a server on loopback that answers well, badly or not at all.</summary>
[Trait("Category", "Unit")]
public sealed class DnsResolverTests : IAsyncDisposable
{
    private readonly TestDnsServer server = TestDnsServer.Start();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Records_AreFound_OfEachType()
    {
        server.Address4("www.example.org", "192.0.2.1").Address4("www.example.org", "192.0.2.2").Address6("www.example.org", "2001:db8::1")
            .Text("www.example.org", "one ", "two").Caa("www.example.org", "issue", "ca.example");

        Assert.Equal(["192.0.2.1", "192.0.2.2"], (await AskAsync("www.example.org", DnsRecordType.Address)).All<AddressRecord>().Select(record => record.Address.ToString()));
        Assert.Equal(["2001:db8::1"], (await AskAsync("WWW.example.org.", DnsRecordType.AddressV6)).All<AddressRecord>().Select(record => record.Address.ToString()));
        Assert.Equal(["one two"], (await AskAsync("www.example.org", DnsRecordType.Text)).All<TextRecord>().Select(record => record.Text));
        Assert.Equal(["ca.example"], (await AskAsync("www.example.org", DnsRecordType.CertificationAuthorityAuthorization)).All<CaaRecord>().Select(record => record.Value));
    }

    [Fact]
    public async Task MissingName_MissingRecord_AndFailure_AreToldApart()
    {
        server.Address4("www.example.org", "192.0.2.1");
        Assert.Equal(DnsAnswerKind.NoSuchName, (await AskAsync("nowhere.example.org")).Kind);
        Assert.Equal(DnsAnswerKind.NoRecords, (await AskAsync("www.example.org", DnsRecordType.Text)).Kind);
        server.Misbehave = asked => [new DnsReply(asked.Id, 0x8182).Question(asked.Name, asked.Type).ToArray()];
        var failed = await AskAsync("www.example.org");
        Assert.Equal((DnsAnswerKind.Failed, "the DNS server answered SERVFAIL"), (failed.Kind, failed.Trouble));
    }

    [Fact]
    public async Task Aliases_AreFollowed_WhenTheServerSendsThemAllAtOnce()
    {
        server.Alias("www.example.org", "web.example.net").Alias("web.example.net", "host.example.com").Address4("host.example.com", "192.0.2.1");
        var answer = await AskAsync("www.example.org");
        Assert.Equal((DnsAnswerKind.Found, "host.example.com"), (answer.Kind, answer.Name.Text));
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task Alias_IsAskedFor_WhenTheServerSendsItAlone()
    {
        server.Address4("web.example.net", "192.0.2.1");
        server.Misbehave = asked => asked.Name != "www.example.org" ? null : [new DnsReply(asked.Id).Question(asked.Name, asked.Type).RecordAt(5, DnsReply.NameOctets("web.example.net")).ToArray()];
        Assert.Equal("192.0.2.1", (await AskAsync("www.example.org")).All<AddressRecord>().Single().Address.ToString());
    }

    [Fact]
    public async Task Aliases_InACircle_EndInFailure()
    {
        server.Alias("a.example.org", "b.example.org").Alias("b.example.org", "a.example.org");
        var answer = await AskAsync("a.example.org");
        Assert.Equal(DnsAnswerKind.Failed, answer.Kind);
        Assert.Contains("CNAME", answer.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Aliases_ThatAreNewEachTime_EndInFailure()
    {
        var count = 0;
        server.Misbehave = asked => [new DnsReply(asked.Id).Question(asked.Name, asked.Type).RecordAt(5, DnsReply.NameOctets($"n{++count}.example.org")).ToArray()];
        Assert.Equal(DnsAnswerKind.Failed, (await AskAsync("a.example.org")).Kind);
        Assert.Equal(11, server.Asked.Count);
    }

    [Fact]
    public async Task Alias_ToOctetsThatNobodyAsksFor_EndsInFailure()
    {
        server.Misbehave = asked => [new DnsReply(asked.Id).Question(asked.Name, asked.Type).RecordAt(5, [2, 0, 0xFF, 0]).ToArray()];
        Assert.Equal(DnsAnswerKind.Failed, (await AskAsync("a.example.org")).Kind);
    }

    [Fact]
    public async Task Record_OfAnotherName_IsNoAnswer()
    {
        server.Misbehave = asked => [new DnsReply(asked.Id).Question(asked.Name, asked.Type).Record("other.example.org", 1, [192, 0, 2, 66]).ToArray()];
        Assert.Equal(DnsAnswerKind.NoRecords, (await AskAsync("www.example.org")).Kind);
    }

    [Fact]
    public async Task CutAnswer_IsAskedForAgain_OverTcp()
    {
        for (var i = 0; i < 100; i++) server.Text("www.example.org", $"{i} {new string('x', 200)}");
        server.Misbehave = asked => asked.IsTcp ? null : [new DnsReply(asked.Id, 0x8380).Question(asked.Name, asked.Type).ToArray()];
        Assert.Equal(100, (await AskAsync("www.example.org", DnsRecordType.Text)).Records.Count);
        Assert.Equal([false, true], server.Asked.Select(asked => asked.IsTcp));
    }

    [Fact]
    public async Task CutAnswer_OverTcpAsWell_EndsInFailure()
    {
        server.Misbehave = asked => [new DnsReply(asked.Id, 0x8380).Question(asked.Name, asked.Type).ToArray()];
        Assert.Equal(DnsAnswerKind.Failed, (await AskAsync("www.example.org")).Kind);
    }

    [Fact]
    public async Task TcpAnswer_ThatIsShorterThanItSays_EndsInFailure()
    {
        server.Misbehave = asked => asked.IsTcp ? [] : [new DnsReply(asked.Id, 0x8380).Question(asked.Name, asked.Type).ToArray()];
        Assert.Equal("the DNS server did not answer in time", (await AskAsync("www.example.org", patience: 150)).Trouble);
    }

    [Fact]
    public async Task Datagrams_OfOthers_DoNotCount()
    {
        server.Address4("www.example.org", "192.0.2.1");
        server.Misbehave = asked =>
        [
            [1], [.. "not DNS at all"u8],
            new DnsReply((ushort)(asked.Id + 1)).Question(asked.Name, asked.Type).RecordAt(1, [192, 0, 2, 66]).ToArray(),
            new DnsReply(asked.Id).Question("other.example.org", asked.Type).RecordAt(1, [192, 0, 2, 66]).ToArray(),
            new DnsReply(asked.Id).Question(asked.Name, 28).ToArray(),
            new DnsReply(asked.Id, 0x0180).Question(asked.Name, asked.Type).RecordAt(1, [192, 0, 2, 66]).ToArray(),
            server.Answer(asked),
        ];
        Assert.Equal("192.0.2.1", (await AskAsync("www.example.org")).All<AddressRecord>().Single().Address.ToString());
    }

    [Fact]
    public async Task FloodOfForeignDatagrams_EndsInFailure()
    {
        server.Misbehave = asked => [.. Enumerable.Range(1, 40).Select(i => new DnsReply((ushort)(asked.Id + i)).Question(asked.Name, asked.Type).ToArray())];
        Assert.Equal("the DNS server sent an answer that cannot be read", (await AskAsync("www.example.org")).Trouble);
    }

    [Fact]
    public async Task Garbage_WithTheRightId_EndsInFailure()
    {
        server.Misbehave = asked => [[(byte)(asked.Id >> 8), (byte)asked.Id, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 0xC0, 12]];
        Assert.Equal("the DNS server sent an answer that cannot be read", (await AskAsync("www.example.org")).Trouble);
    }

    [Fact]
    public async Task Silence_EndsInFailure_AfterEachRound()
    {
        server.Misbehave = _ => [];
        Assert.Equal("the DNS server did not answer in time", (await AskAsync("www.example.org", patience: 60)).Trouble);
        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task Server_ThatKnowsNoOptions_IsAskedWithout()
    {
        server.Address4("www.example.org", "192.0.2.1");
        server.Misbehave = asked => asked.HasOptions ? [new DnsReply(asked.Id, 0x8181).ToArray()] : null;
        Assert.Equal(DnsAnswerKind.Found, (await AskAsync("www.example.org")).Kind);
    }

    [Fact]
    public async Task NextServer_IsAsked_WhenOneFails_AndIsFirstFromThenOn()
    {
        await using var silent = TestDnsServer.Start();
        silent.Misbehave = _ => [];
        server.Address4("www.example.org", "192.0.2.1");
        var resolver = ResolverOf(500, $"127.0.0.1:{FreePorts.Take(1)[0]}", silent.Address, server.Address);

        Assert.Equal(DnsAnswerKind.Found, (await resolver.AskAsync(DnsName.Parse("www.example.org"), DnsRecordType.Address, Ct)).Kind);
        Assert.Equal(DnsAnswerKind.Found, (await resolver.AskAsync(DnsName.Parse("www.example.org"), DnsRecordType.Address, Ct)).Kind);
        Assert.Single(silent.Asked);
        Assert.Equal(2, server.Asked.Count);
    }

    [Fact]
    public async Task QuestionsTogether_AreAnsweredEach_AndOnlyThoseWithoutAnAnswerAreAskedElsewhere()
    {
        await using var half = TestDnsServer.Start();
        half.Address4("www.example.org", "192.0.2.1");
        half.Misbehave = asked => asked.Type == 28 ? [new DnsReply(asked.Id, 0x8182).Question(asked.Name, asked.Type).ToArray()] : null;
        server.Address6("www.example.org", "2001:db8::1");
        var name = DnsName.Parse("www.example.org");

        var answers = await ResolverOf(2000, half.Address, server.Address).AskAsync([new DnsQuestion(name, DnsRecordType.Address), new DnsQuestion(name, DnsRecordType.AddressV6)], Ct);

        Assert.Equal(["192.0.2.1", "2001:db8::1"], answers.Select(answer => answer.All<AddressRecord>().Single().Address.ToString()));
        Assert.Equal([28], server.Asked.Select(asked => (int)asked.Type));
        Assert.Equal(2, half.Asked.Select(asked => asked.Id).Distinct().Count());
    }

    [Fact]
    public async Task Questions_HaveDifferentIds()
    {
        for (var i = 0; i < 8; i++) await AskAsync("www.example.org");
        Assert.InRange(server.Asked.Select(asked => asked.Id).Distinct().Count(), 2, 8);
    }

    [Fact]
    public void SystemFile_NamesServers() =>
        Assert.Equal(["192.0.2.53:53", "[2001:db8::53]:53"], DnsServerList.ReadSystemFile("# here\nsearch example.org\nnameserver 192.0.2.53\n\tnameserver  2001:db8::53 \nnameserver\nnameserver nonsense\n").Select(server => server.ToString()));

    [Fact]
    public async Task SystemFile_ThatIsMissing_MeansTheMachineItself() =>
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 53)], await new DnsServerList([], "/nowhere/resolv.conf").GetAsync(Ct));

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", 53)]
    [InlineData("192.0.2.1:5353", "192.0.2.1", 5353)]
    [InlineData("2001:db8::1", "2001:db8::1", 53)]
    [InlineData("[2001:db8::1]", "2001:db8::1", 53)]
    [InlineData("[2001:db8::1]:5353", "2001:db8::1", 5353)]
    [InlineData("dns.example:5353", "dns.example", 5353)]
    public void ServerAddress_IsRead(string text, string host, int port) => Assert.Equal(new DnsServerAddress(host, port), DnsServerAddress.TryParse(text));

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.1:0")]
    [InlineData("192.0.2.1:65536")]
    [InlineData("http://dns.example")]
    [InlineData("dns example:53")]
    public void ServerAddress_ThatIsNone_IsRefused(string text) => Assert.Null(DnsServerAddress.TryParse(text));

    private Task<DnsAnswer> AskAsync(string name, DnsRecordType type = DnsRecordType.Address, int patience = 2000) =>
        ResolverOf(patience, server.Address).AskAsync(DnsName.Parse(name), type, Ct);

    private static DnsResolver ResolverOf(int patience, params string[] servers) => new(
        new DnsServerList(servers, "/etc/resolv.conf"), Options.Create(new AcmeOptions { Dns = new() { Timeout = TimeSpan.FromMilliseconds(patience) } }), NullLogger<DnsResolver>.Instance);
}
