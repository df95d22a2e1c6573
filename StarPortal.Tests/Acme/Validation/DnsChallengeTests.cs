using StarPortal.Core.Acme;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>dns-01 (RFC 8555 8.4) and dns-account-01.</summary>
[Trait("Category", "Unit")]
public sealed class DnsChallengeTests : IAsyncDisposable
{
    private const string Name = $"_acme-challenge.{ValidationBench.Host}";

    private readonly ValidationBench bench = new();

    private static string Right => TextChallenge.ExpectedFor(ValidationBench.Task().KeyAuthorization);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Digest_IsValid_AmongSeveral(bool isWildcard)
    {
        bench.Dns.Text(Name, "other").Text(Name, Right).Text(Name, "v=spf1", " -all");
        var outcome = await bench.Dns01.ValidateAsync(ValidationBench.Task(isWildcard: isWildcard), Ct);
        Assert.True(outcome.IsValid, outcome.Detail);
    }

    [Fact]
    public async Task Digest_InTwoStrings_IsValid()
    {
        bench.Dns.Text(Name, Right[..20], Right[20..]);
        Assert.True((await ValidateAsync()).IsValid);
    }

    [Fact]
    public async Task Alias_IsFollowed()
    {
        bench.Dns.Alias(Name, "x.acme-dns.example").Text("x.acme-dns.example", Right);
        var outcome = await ValidateAsync();
        Assert.True(outcome.IsValid, outcome.Detail);
        Assert.Contains("an alias of x.acme-dns.example", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherText_IsNotValid_AndSaysWhatIsExpected()
    {
        bench.Dns.Text(Name, "internal note").Text(Name, $" {Right}");
        var outcome = await InvalidAsync(AcmeProblemType.IncorrectResponse, $"One has to hold {Right}");
        Assert.DoesNotContain("internal note", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DigestOfAnotherOrder_IsNamed()
    {
        var old = TextChallenge.ExpectedFor("an older order");
        bench.Dns.Text(Name, old);
        await InvalidAsync(AcmeProblemType.IncorrectResponse, old);
    }

    [Fact]
    public async Task MissingRecord_AndFailure_AreDnsProblems()
    {
        await InvalidAsync(AcmeProblemType.Dns, "the name does not exist (NXDOMAIN)");
        bench.Dns.Address4(Name, "192.0.2.1");
        await InvalidAsync(AcmeProblemType.Dns, "there is none");
        bench.Dns.Misbehave = asked => [new DnsReply(asked.Id, 0x8185).Question(asked.Name, asked.Type).ToArray()];
        await InvalidAsync(AcmeProblemType.Dns, "the DNS server answered REFUSED");
    }

    [Fact]
    public async Task Address_IsNotForDns() =>
        Assert.Equal(AcmeProblemType.Malformed, (await bench.Dns01.ValidateAsync(ValidationBench.Task("192.0.2.1"), Ct)).Problem);

    [Fact]
    public async Task Name_ThatIsTooLongWithItsPrefix_IsADnsProblem()
    {
        var name = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));
        Assert.Equal(AcmeProblemType.Dns, (await bench.Dns01.ValidateAsync(ValidationBench.Task(name), Ct)).Problem);
    }

    /// <summary>The example of the draft.</summary>
    [Fact]
    public void AccountLabel_IsThatOfTheDraft() => Assert.Equal("_ujmmovf2vn55tgye", DnsAccount01Validator.LabelOf("https://example.com/acme/acct/ExampleAccount"));

    [Fact]
    public async Task AccountLabel_IsWhereTheRecordHasToBe()
    {
        var task = ValidationBench.Task();
        bench.Dns.Text(Name, Right);
        Assert.False((await bench.DnsAccount01.ValidateAsync(task, Ct)).IsValid);
        bench.Dns.Text($"{DnsAccount01Validator.LabelOf(task.AccountUrl)}.{Name}", Right);
        Assert.True((await bench.DnsAccount01.ValidateAsync(task, Ct)).IsValid);
    }

    private Task<ValidationOutcome> ValidateAsync() => bench.Dns01.ValidateAsync(ValidationBench.Task(), Ct);

    private async Task<ValidationOutcome> InvalidAsync(AcmeProblemType problem, string reason)
    {
        var outcome = await ValidateAsync();
        Assert.False(outcome.IsValid);
        Assert.Contains(reason, outcome.Detail, StringComparison.Ordinal);
        Assert.Equal(problem, outcome.Problem);
        return outcome;
    }
}
