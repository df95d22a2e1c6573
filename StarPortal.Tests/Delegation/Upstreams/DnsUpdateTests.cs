using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>dns-01 by dynamic updates, at a server of another make.</summary>
[Trait("Category", "Interop")]
public sealed class DnsUpdateTests(Bind bind) : IClassFixture<Bind>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("portal", "hmac-sha256", Bind.Secret256)]
    [InlineData("portal512", "hmac-sha512", Bind.Secret512)]
    public async Task Record_IsSet_Seen_AndDeleted(string name, string algorithm, string secret)
    {
        var (solver, task) = (Solver(Bind.Key(name, algorithm, secret)), Asked(name + ".www.example.org"));
        Assert.False(await solver.IsReadyAsync(task, Ct));
        await solver.PresentAsync(task, Ct);
        await solver.PresentAsync(task, Ct);
        Assert.True(await solver.IsReadyAsync(task, Ct));
        Assert.Equal([task.TextValue], await bind.TextsAsync($"_acme-challenge.{name}.www.example.org"));
        await solver.CleanUpAsync(task, Ct);
        await solver.CleanUpAsync(task, Ct);
        Assert.Empty(await bind.TextsAsync($"_acme-challenge.{name}.www.example.org"));
    }

    [Fact]
    public async Task Records_OfANameAndItsWildcard_StandSideBySide()
    {
        var (solver, one, two) = (Solver(), Asked("both.example.org", "one"), Asked("both.example.org", "two"));
        await solver.PresentAsync(one, Ct);
        await solver.PresentAsync(two, Ct);
        string[] both = [one.TextValue, two.TextValue];
        Assert.Equal(both.Order(StringComparer.Ordinal), await bind.TextsAsync("_acme-challenge.both.example.org"));
        await solver.CleanUpAsync(one, Ct);
        Assert.Equal([two.TextValue], await bind.TextsAsync("_acme-challenge.both.example.org"));
        await solver.CleanUpAsync(two, Ct);
    }

    [Fact]
    public async Task Record_IsSetWhereTheAliasLeads()
    {
        var (solver, task) = (Solver(), Asked("alias.example.org"));
        await solver.PresentAsync(task, Ct);
        Assert.Equal([task.TextValue], await bind.TextsAsync("alias.challenges.test"));
        Assert.True(await solver.IsReadyAsync(task, Ct));
        await solver.CleanUpAsync(task, Ct);
        Assert.Empty(await bind.TextsAsync("alias.challenges.test"));
    }

    [Theory]
    [InlineData("portal", Bind.Secret512, "BADSIG")]
    [InlineData("stranger", Bind.Secret256, "BADKEY")]
    public async Task Update_Fails_WithAWrongKey(string name, string secret, string words) =>
        Assert.Contains(words, (await FailsAsync(Solver(Bind.Key(name, secret: secret)), mayPass: false)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Update_Fails_WithAKeyThatMayNot() =>
        Assert.Contains("REFUSED", (await FailsAsync(Solver(Bind.Key("reader")), mayPass: false)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Update_Fails_WhenClocksAreApart()
    {
        var clock = new TestClock(TimeProvider.System.GetUtcNow().AddHours(1));
        Assert.Contains("BADTIME", (await FailsAsync(Solver(clock: clock), mayPass: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_Fails_OutsideTheServersZones()
    {
        Assert.Contains("NOTAUTH", (await FailsAsync(Solver(zone: "example.com"), mayPass: false)).Message, StringComparison.Ordinal);
        Assert.Contains("NOTZONE", (await FailsAsync(Solver(zone: "challenges.test"), mayPass: false)).Message, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<ChallengeFailedException>(() => Solver().PresentAsync(Asked("www.example.com"), Ct));
        Assert.Contains("can't be looked up", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_Fails_WhenAliasesGoInACircle() =>
        Assert.Contains("can't be looked up", (await Assert.ThrowsAsync<ChallengeFailedException>(() => Solver().PresentAsync(Asked("circle.example.org"), Ct))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Update_Fails_ForAnAddress()
    {
        var task = new ChallengeTask(AcmeIdentifier.Ip("192.0.2.1"), "t", "t.k", TimeProvider.System.GetUtcNow());
        Assert.Contains("RFC 8738", (await Assert.ThrowsAsync<ChallengeFailedException>(() => Solver().PresentAsync(task, Ct))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_Fails_WhenNobodyAnswers()
    {
        var solver = Solver(server: $"127.0.0.1:{FreePorts.Take(1)[0]}", zone: "example.org");
        Assert.Contains("can't be reached", (await FailsAsync(solver, mayPass: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_Fails_WhenTheServerIsSilent()
    {
        await using var silent = ScriptedServer.Start(IPAddress.Loopback, (_, ct) => Task.Delay(Timeout.Infinite, ct));
        Assert.Contains("did not answer", (await FailsAsync(Solver(server: $"127.0.0.1:{silent.Port}", zone: "example.org"), mayPass: true)).Message, StringComparison.Ordinal);
    }

    /// <summary>UDP has no answer; what comes over TCP claims success and is not signed.</summary>
    [Fact]
    public async Task Update_Fails_WhenTheAnswerIsNotSigned()
    {
        await using var liar = ScriptedServer.Start(IPAddress.Loopback, async (stream, ct) =>
        {
            var head = new byte[14];
            await stream.ReadExactlyAsync(head, ct);
            await stream.WriteAsync((byte[])[0, 12, head[2], head[3], 0xA8, 0, 0, 0, 0, 0, 0, 0, 0, 0], ct);
            await stream.CopyToAsync(Stream.Null, ct);
        });
        Assert.Contains("is not signed", (await FailsAsync(Solver(server: $"127.0.0.1:{liar.Port}", zone: "example.org"), mayPass: false)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_IsNotReady_WhileAWitnessDoesNotShowIt()
    {
        var task = Asked("witness.example.org");
        await using var other = TestDnsServer.Start();
        var solver = Solver(seenBy: [bind.Address, other.Address]);
        await solver.PresentAsync(task, Ct);
        Assert.False(await solver.IsReadyAsync(task, Ct));
        other.Text("_acme-challenge.witness.example.org", task.TextValue);
        Assert.True(await solver.IsReadyAsync(task, Ct));
        await solver.CleanUpAsync(task, Ct);
    }

    [Fact]
    public async Task Certificate_IsIssued_ByAnotherCa_ThatLooksAtTheServer()
    {
        await using var pebble = await PebbleProcess.StartAsync(bind.Address, httpPort: 1);
        using var scene = UpstreamScene.At(pebble.Server);
        await UpstreamScene.IssueAsync(await scene.RegisterAsync(), [Solver()], "issued.example.org", "*.issued.example.org");
        Assert.Empty(await bind.TextsAsync("_acme-challenge.issued.example.org"));
    }

    private DnsUpdateSolver Solver(TsigKey? key = null, string? zone = null, string? server = null, TimeProvider? clock = null, string[]? seenBy = null) => new(
        new DnsUpdateSettings(server ?? bind.Address, key ?? Bind.Key()) { Zone = zone, Timeout = TimeSpan.FromSeconds(server is null ? 5 : 0.5), SeenBy = seenBy ?? [] },
        new ChallengeRecord(UpstreamScene.Resolver(bind.Address)), Options.Create(new AcmeOptions()), clock ?? TimeProvider.System, NullLogger<DnsResolver>.Instance);

    private static ChallengeTask Asked(string name, string token = "token") => new(AcmeIdentifier.Dns(name), token, $"{token}.thumbprint", TimeProvider.System.GetUtcNow().AddHours(1));

    private static async Task<ChallengeFailedException> FailsAsync(DnsUpdateSolver solver, bool mayPass)
    {
        var error = await Assert.ThrowsAsync<ChallengeFailedException>(() => solver.PresentAsync(Asked("fails.example.org"), Ct));
        Assert.Equal((mayPass, error.Message), (error.MayPass, error.Message));
        return error;
    }
}
