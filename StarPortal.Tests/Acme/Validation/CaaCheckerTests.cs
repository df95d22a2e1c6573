using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>The climb of RFC 8659 3, against a DNS server.</summary>
[Trait("Category", "Unit")]
public sealed class CaaCheckerTests : IAsyncDisposable
{
    private readonly ValidationBench bench = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task NoRecords_Allow_AfterTheWholeClimb()
    {
        bench.Dns.Address4("a.b.example.org", "192.0.2.1");
        Assert.True((await CheckAsync("a.b.example.org")).IsValid);
        Assert.Equal(["a.b.example.org", "b.example.org", "example.org", "org"], bench.Dns.Asked.Select(asked => asked.Name));
    }

    [Fact]
    public async Task NearestRecords_Decide()
    {
        bench.Dns.Caa("example.org", "issue", "other.example").Caa("b.example.org", "issue", "ca.example");
        Assert.True((await CheckAsync("a.b.example.org")).IsValid);
        var outcome = await CheckAsync("c.example.org");
        Assert.Equal(AcmeProblemType.Caa, outcome.Problem);
        Assert.Contains("The CAA records of example.org forbid", outcome.Detail, StringComparison.Ordinal);
        Assert.Contains("ca.example", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alias_IsFollowed_ButTheClimbIsThatOfTheName()
    {
        bench.Dns.Alias("www.example.org", "web.cdn.example").Address4("web.cdn.example", "192.0.2.1").Caa("cdn.example", "issue", ";").Caa("example.org", "issue", "ca.example");
        Assert.True((await CheckAsync("www.example.org")).IsValid);
        bench.Dns.Caa("web.cdn.example", "issue", ";");
        Assert.Equal(AcmeProblemType.Caa, (await CheckAsync("www.example.org")).Problem);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Wildcard_HasItsOwnRecords(bool isWildcard, bool isAllowed)
    {
        bench.Dns.Caa("example.org", "issue", "ca.example").Caa("example.org", "issuewild", ";");
        Assert.Equal(isAllowed, (await CheckAsync("www.example.org", isWildcard)).IsValid);
    }

    [Fact]
    public async Task FailedLookUp_Forbids()
    {
        bench.Dns.Misbehave = asked => asked.Name == "example.org" ? [new DnsReply(asked.Id, 0x8182).Question(asked.Name, asked.Type).ToArray()] : null;
        var outcome = await CheckAsync("www.example.org");
        Assert.Equal(AcmeProblemType.Dns, outcome.Problem);
        Assert.Contains("The CAA records of example.org could not be looked up: the DNS server answered SERVFAIL", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MalformedRecord_Forbids()
    {
        bench.Dns.Add("example.org", TestDnsServer.CaaType, [0, 200, 1]);
        Assert.Equal(AcmeProblemType.Dns, (await CheckAsync("example.org")).Problem);
    }

    [Fact]
    public async Task Identities_AreThoseConfigured_OrThePortalsHost()
    {
        bench.Dns.Caa("example.org", "issue", "pki.example");
        Assert.False((await CheckAsync("example.org")).IsValid);
        bench.Acme.CaaIdentities = ["ca.other.example", "pki.example"];
        Assert.True((await CheckAsync("example.org")).IsValid);
    }

    [Fact]
    public async Task AccountAndMethod_AreHandedOn()
    {
        bench.Dns.Caa("example.org", "issue", "ca.example; accounturi=https://ca.example/acme/account/1; validationmethods=http-01");
        Assert.True((await CheckAsync("example.org")).IsValid);
        bench.Dns.Caa("example.net", "issue", "ca.example; accounturi=https://ca.example/acme/account/2");
        Assert.Contains("accounturi", (await CheckAsync("example.net")).Detail, StringComparison.Ordinal);
        bench.Dns.Caa("example.com", "issue", "ca.example; validationmethods=dns-01");
        Assert.Contains("validation method http-01", (await CheckAsync("example.com")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Addresses_AndASwitchedOffCheck_AskNothing()
    {
        Assert.True((await bench.Caa.CheckAsync(AcmeIdentifier.Ip("192.0.2.1"), false, "https://ca.example/acme/account/1", "http-01", Ct)).IsValid);
        bench.Bounds.CheckCaa = false;
        Assert.True((await CheckAsync("example.org")).IsValid);
        Assert.Empty(bench.Dns.Asked);
    }

    private Task<ValidationOutcome> CheckAsync(string name, bool isWildcard = false) =>
        bench.Caa.CheckAsync(AcmeIdentifier.Dns(name), isWildcard, "https://ca.example/acme/account/1", "http-01", Ct);
}
