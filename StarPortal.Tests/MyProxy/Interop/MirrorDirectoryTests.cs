using StarPortal.Core.Authority;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.MyProxy.Repository;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Interop;

/// <summary>The second site is Debian's <c>myproxy-server</c>, which runs all the while.</summary>
[Trait("Category", "Interop")]
public sealed class MirrorDirectoryTests
{
    private const string Other = "another passphrase";

    private static readonly Actor Operator = Actor.System("test");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GenuineServer_ServesTheDirectory_AsTheRepositoryChanges()
    {
        using var folder = new TestFolder();
        await using var portal = await Clients.StartAsync(("MyProxy:Mirror:Directory", folder["store"]));
        await GenuineServer.MakeSiteAsync(folder, [.. portal.Get<CertificateAuthority>().ChainOf(Issuers.People).Select(authority => authority.ExportCertificatePem())]);
        var (ada, bob) = (await Clients.AddStoredAsync(portal), await Clients.AddStoredAsync(portal));
        var (adas, bobs) = (new CredentialKey(ada.Actor.Name, ""), new CredentialKey(bob.Actor.Name, ""));
        var administration = portal.Get<StoredCredentialAdministration>();
        using var key = Clients.OpenKey();

        Assert.Equal("directory: 2 held, 2 sent, 0 removed, 0 differ", await RunAsync());
        await using var server = await GenuineServer.StartAsync(folder, folder["store"]);
        await OpensAsync(ada.Actor.Name, Clients.Passphrase);

        await Clients.PutAsync(portal, ada, Clients.Put(ada.Actor.Name, Other), key);
        Assert.Equal("directory: 2 held, 1 sent, 0 removed, 0 differ", await RunAsync());
        await OpensAsync(ada.Actor.Name, Other);
        await RefusesAsync(ada.Actor.Name, Clients.Passphrase, "passphrase");

        await administration.LockAsync(adas, "under suspicion", Operator, Ct);
        await portal.DrainOutboxAsync();
        await RefusesAsync(ada.Actor.Name, Other, "under suspicion");
        await administration.UnlockAsync(adas, Operator, Ct);
        await RunAsync();
        await OpensAsync(ada.Actor.Name, Other);

        await administration.RemoveAsync(adas, Operator, Ct);
        await portal.DrainOutboxAsync();
        await RefusesAsync(ada.Actor.Name, Other, "No credentials exist");
        await OpensAsync(bob.Actor.Name, Clients.Passphrase);
        await administration.RemoveAsync(bobs, Operator, Ct);
        await RunAsync();
        await RefusesAsync(bob.Actor.Name, Clients.Passphrase, "No credentials exist");

        Task<string> RunAsync() => portal.Get<MirrorJob>().RunAsync(Ct);

        async Task OpensAsync(string user, string passphrase) => Assert.Contains("BEGIN CERTIFICATE", await server.LogOnAsync(user, passphrase), StringComparison.Ordinal);

        async Task RefusesAsync(string user, string passphrase, string why)
        {
            var refusal = await Record.ExceptionAsync(() => server.LogOnAsync(user, passphrase));
            Assert.Contains(why, Assert.IsType<Xunit.Sdk.TrueException>(refusal).Message, StringComparison.OrdinalIgnoreCase);
        }
    }
}
