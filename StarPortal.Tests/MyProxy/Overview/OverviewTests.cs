using StarPortal.Core.Authority;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.MyProxy.Repository;

namespace StarPortal.Tests.MyProxy.Overview;

[Trait("Category", "Unit")]
public sealed class OverviewTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Person_SeesTheOwnCredentials_AndWhoUsedThem()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, _) = (await Clients.AddStoredAsync(portal), await Clients.AddStoredAsync(portal));
        using (var open = Assert.IsType<LogonDecision.Open>(await portal.Get<LogonService>().DecideAsync(Clients.Get(ada.Actor.Name), Clients.Anonymous, Ct)).Credential)
            await portal.Get<LogonService>().RecordAsync(open, Clients.Anonymous, portal.Clock.Now, Ct);

        var view = Assert.Single(await portal.Get<MyStoredCredentials>().ListAsync(ada.Actor, Ct));

        Assert.Equal((ada.Actor.Name, ada.Certificate.NotAfter, "<anonymous>", "192.0.2.1"), (view.UserName, view.NotAfter, view.LastUsedBy, view.LastUsedFrom));
        Assert.Equal(StoredCredentialState.Usable, view.StateAt(portal.Clock.Now));
    }

    [Fact]
    public async Task Person_LocksAndUnlocks_ButNotWhatAnAdministratorLocked()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, mine) = (await Clients.AddStoredAsync(portal), portal.Get<MyStoredCredentials>());
        var id = (await mine.ListAsync(ada.Actor, Ct))[0].Id;

        await mine.LockAsync(id, "on holiday", ada.Actor, Ct);
        Assert.Equal("credential locked\non holiday", (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name))).Message);
        await mine.UnlockAsync(id, ada.Actor, Ct);
        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name));

        await portal.Get<StoredCredentialAdministration>().LockAsync(new CredentialKey(ada.Actor.Name, ""), "stolen?", await portal.AddAdministratorAsync(), Ct);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<ServiceException>(() => mine.UnlockAsync(id, ada.Actor, Ct))).Kind);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<ServiceException>(() => mine.LockAsync(id, "mine", ada.Actor, Ct))).Kind);
    }

    [Fact]
    public async Task Lock_StaysWhenTheCredentialIsReplaced()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        await portal.Get<StoredCredentialAdministration>().LockAsync(new CredentialKey(ada.Actor.Name, ""), "stolen?", await portal.AddAdministratorAsync(), Ct);
        using var key = Clients.OpenKey();

        await Clients.PutAsync(portal, ada, Clients.Put(ada.Actor.Name), key);

        Assert.StartsWith("credential locked", (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Person_RemovesTheOwn_AndNobodyElses()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, eve) = (await Clients.AddStoredAsync(portal), await CertifiedPerson.AddAsync(portal));
        var mine = portal.Get<MyStoredCredentials>();
        var id = (await mine.ListAsync(ada.Actor, Ct))[0].Id;

        foreach (var deed in new[] { () => mine.RemoveAsync(id, eve.Actor, Ct), () => mine.LockAsync(id, "x", eve.Actor, Ct), () => mine.UnlockAsync(id, eve.Actor, Ct) })
            Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ServiceException>(deed)).Kind);
        await mine.RemoveAsync(id, ada.Actor, Ct);
        Assert.Empty(await mine.ListAsync(ada.Actor, Ct));
    }

    [Fact]
    public async Task Search_FindsByEveryPart()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, _) = (await Clients.AddStoredAsync(portal), await Clients.AddStoredAsync(portal));
        var (search, admin) = (portal.Get<StoredCredentialSearch>(), await portal.AddAdministratorAsync());
        StoredCredentialQuery[] queries =
        [
            new() { Text = ada.Actor.Name.ToUpperInvariant() }, new() { UserName = ada.Actor.Name, CredentialName = "" }, new() { Owner = Clients.Of(ada).Subject, State = StoredCredentialState.Usable },
        ];
        foreach (var query in queries) Assert.Equal(ada.Actor.Name, Assert.Single((await search.FindAsync(query, admin, Ct)).Rows).UserName);
        Assert.Equal(2, (await search.FindAsync(new StoredCredentialQuery(), admin, Ct)).Total);
        Assert.Equal(0, (await search.FindAsync(new StoredCredentialQuery { EndsWithin = TimeSpan.FromHours(1) }, admin, Ct)).Total);
    }

    [Fact]
    public async Task Statistics_CountByState()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, eve, bob) = (await Clients.AddStoredAsync(portal), await Clients.AddStoredAsync(portal), await Clients.AddStoredAsync(portal));
        var admin = await portal.AddAdministratorAsync();
        await portal.Get<StoredCredentialAdministration>().LockAsync(new CredentialKey(ada.Actor.Name, ""), "x", admin, Ct);
        await using (var db = portal.NewDb())
        {
            portal.Get<CertificateAuthority>().Revoke(db, db.IssuedCertificates.Single(row => row.Id == eve.Certificate.Id), RevocationReason.Superseded, admin);
            await db.SaveChangesAsync(Ct);
        }

        Assert.Equal(new StoredCredentialStatistics(3, 1, 1, 0, 1, 0, 0, 0), await portal.Get<StoredCredentialSearch>().CountAsync(admin, Ct));
        portal.Clock.SetTo(bob.Certificate.NotAfter.AddDays(-1));
        Assert.Equal(1, (await portal.Get<StoredCredentialSearch>().CountAsync(admin, Ct)).EndingSoon);
    }

    [Fact]
    public async Task Administration_IsForAdministrators()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<StoredCredentialSearch>().FindAsync(new(), ada.Actor, Ct));
        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<StoredCredentialAdministration>().LockAsync(new CredentialKey(ada.Actor.Name, ""), "x", ada.Actor, Ct));
        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<RepositoryExport>().ExportAsync("/tmp/x", ada.Actor, Ct));
    }
}
