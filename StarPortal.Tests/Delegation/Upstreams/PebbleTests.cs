using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Delegation;

namespace StarPortal.Tests.Delegation;

/// <summary>The client against a CA of another make, which refuses three nonces of ten.</summary>
[Trait("Category", "Interop")]
public sealed class PebbleTests(Pebble pebble) : IClassFixture<Pebble>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HookSolver Hook => new(
        new HookSettings(Path.Combine(AppContext.BaseDirectory, "Delegation", "Upstreams", "acme_hook.py")) { Environment = new Dictionary<string, string> { ["CHALLTESTSRV"] = pebble.Dns.ManagementUrl.ToString() } },
        new ChallengeRecord(UpstreamScene.Resolver($"127.0.0.1:{pebble.Dns.DnsPort}")));

    [Fact]
    public async Task Directory_TellsWhatTheCaOffers()
    {
        using var scene = UpstreamScene.At(pebble.Server);
        var directory = await scene.Connection.GetDirectoryAsync(Ct);
        Assert.Equal((false, true, true), (directory.ExternalAccountRequired, directory.KeyChange is not null, directory.RevokeCert is not null));
        Assert.Null(directory.AutoRenewal);
        using var bound = UpstreamScene.At(pebble.BoundServer);
        Assert.True((await bound.Connection.GetDirectoryAsync(Ct)).ExternalAccountRequired);
    }

    [Fact]
    public async Task Account_IsOpened_Found_Changed_AndEnded()
    {
        using var scene = UpstreamScene.At(pebble.Server);
        Assert.Null(await scene.Accounts.FindAsync(scene.Key, Ct));
        var account = await scene.Accounts.RegisterAsync(scene.Key, ["mailto:a@example.org"], binding: null, Ct);
        Assert.Equal((account.Url, AcmeAccountStatus.Valid), ((await scene.Accounts.FindAsync(scene.Key, Ct))!.Url, account.Status));
        Assert.Equal(["mailto:b@example.org"], (await scene.Accounts.ChangeContactsAsync(scene.Key, account.Url, ["mailto:b@example.org"], Ct)).Contacts);
        Assert.Equal(AcmeAccountStatus.Deactivated, (await scene.Accounts.DeactivateAsync(scene.Key, account.Url, Ct)).Status);
        await UpstreamScene.FailsAsync(UpstreamFailure.Refused, () => scene.ClientOf(account).OrderAsync(UpstreamScene.OrderOf("a.example.org"), Ct));
    }

    [Fact]
    public async Task Account_NeedsItsBinding()
    {
        using var scene = UpstreamScene.At(pebble.BoundServer);
        Assert.True((await UpstreamScene.FailsAsync(UpstreamFailure.Refused, () => scene.RegisterAsync())).Problem!.Is("externalAccountRequired"));
        await UpstreamScene.FailsAsync(UpstreamFailure.Refused, () => scene.RegisterAsync(UpstreamBinding.TryParse("key-1", "AAAA")));
        await scene.RegisterAsync(UpstreamBinding.TryParse("key-1", PebbleProcess.MacKey));
        Assert.NotNull(await scene.Accounts.FindAsync(scene.Key, Ct));
    }

    [Fact]
    public async Task Key_IsRolledOver()
    {
        using var scene = UpstreamScene.At(pebble.Server);
        using var newKey = UpstreamKey.Make();
        var account = await scene.Accounts.RegisterAsync(scene.Key, [], binding: null, Ct);
        await scene.Accounts.ChangeKeyAsync(scene.Key, account.Url, newKey, Ct);
        Assert.Null(await scene.Accounts.FindAsync(scene.Key, Ct));
        using var restored = UpstreamKey.Import(newKey.Export());
        Assert.Equal(account.Url, (await scene.Accounts.FindAsync(restored, Ct))!.Url);
        Assert.Equal(AcmeOrderStatus.Pending, (await scene.ClientOf(account, restored).OrderAsync(UpstreamScene.OrderOf("a.example.org"), Ct)).Status);
    }

    [Fact]
    public async Task Certificate_IsIssued_ByHttpThatThePortalServes_AndRevoked()
    {
        using var scene = UpstreamScene.At(pebble.Server);
        await using var portal = await ChallengePortal.StartAsync(pebble.HttpPort);
        var client = await scene.RegisterAsync();
        var chain = await UpstreamScene.IssueAsync(client, [portal.Solver], "www.example.org", "web.example.org");
        Assert.InRange(portal.Served, 2, 20); // pebble looks from several places at once.
        Assert.Equal(0, await portal.CountAsync());

        using var certificate = X509CertificateLoader.LoadCertificate(chain.Certificate);
        Assert.True(certificate.MatchesHostname("web.example.org"));
        await client.RevokeAsync(certificate, RevocationReason.Superseded, Ct);
        await client.RevokeAsync(certificate, RevocationReason.Superseded, Ct);
    }

    [Fact]
    public async Task Certificate_IsIssued_ForANameAndItsWildcard_ByTheHook()
    {
        using var scene = UpstreamScene.At(pebble.Server);
        var chain = await UpstreamScene.IssueAsync(await scene.RegisterAsync(), [Hook], "hook.example.org", "*.hook.example.org");
        Assert.Contains("BEGIN CERTIFICATE", chain.Pem, StringComparison.Ordinal);
        Assert.NotNull(chain.RenewalId);
    }

    [Fact]
    public async Task Order_Fails_WithWhatTheCaSaw_WhenNothingIsServed()
    {
        using var scene = UpstreamScene.At(pebble.Server);
        var error = await UpstreamScene.FailsAsync(UpstreamFailure.Refused, async () => await UpstreamScene.IssueAsync(await scene.RegisterAsync(), [new NothingSolver()], "void.example.org"));
        Assert.Contains("void.example.org", error.Message, StringComparison.Ordinal);
        Assert.True(error.Problem!.Is("connection") || error.Problem.Is("unauthorized"), error.Message);
    }

    [Fact]
    public async Task Order_SaysWhatIsMissing_WhenNoSolverFits()
    {
        using var scene = UpstreamScene.At(pebble.Server);
        var error = await Assert.ThrowsAsync<ChallengeFailedException>(async () => await UpstreamScene.IssueAsync(await scene.RegisterAsync(), [new NothingSolver()], "*.example.org"));
        Assert.Contains("dns-01", error.Message, StringComparison.Ordinal);
        Assert.False(error.MayPass);
    }

    [Fact]
    public async Task Tls_IsRefused_WhenTheRootIsNotTrusted()
    {
        using var scene = UpstreamScene.At(pebble.Server with { RootsPem = null });
        await UpstreamScene.FailsAsync(UpstreamFailure.Unreachable, () => scene.Connection.GetDirectoryAsync(Ct));
    }

    /// <summary>Presents nothing.</summary>
    private sealed class NothingSolver : IChallengeSolver
    {
        public ChallengeType Type => ChallengeType.Http01;

        public Task PresentAsync(ChallengeTask task, CancellationToken ct) => Task.CompletedTask;

        public Task<bool> IsReadyAsync(ChallengeTask task, CancellationToken ct) => Task.FromResult(true);

        public Task CleanUpAsync(ChallengeTask task, CancellationToken ct) => Task.CompletedTask;
    }
}
