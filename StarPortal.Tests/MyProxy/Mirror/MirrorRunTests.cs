using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.MyProxy.Repository;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Mirror;

/// <summary>From one portal to another, with the sockets between.</summary>
[Trait("Category", "Unit")]
public sealed class MirrorRunTests : IAsyncLifetime
{
    private const string Other = "another passphrase";

    private static readonly Actor Operator = Actor.System("test");

    private MirrorScene scene = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private StoredCredentialAdministration Here => scene.First.Get<StoredCredentialAdministration>();

    private StoredCredentialAdministration There => scene.Second.Get<StoredCredentialAdministration>();

    public async ValueTask InitializeAsync() => scene = await MirrorScene.StartAsync();

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task Run_CopiesWhatIsHere_AsItIs_AndOnce()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        var bob = await Clients.AddStoredAsync(scene.First);

        Assert.Equal("second: 2 held, 2 sent, 0 removed, 0 differ", await scene.RunAsync());

        await scene.LogOnAsync(ada.Actor.Name);
        await scene.LogOnAsync(bob.Actor.Name);
        var (row, copy) = (await Clients.RowAsync(scene.First, ada.Actor.Name), (await scene.FindCopyAsync(ada.Actor.Name))!);
        Assert.Equal((CredentialOrigin.Mirror, row.Owner, row.Subject, row.MaxLifetime, row.KeyForm), (copy.Origin, copy.Owner, copy.Subject, copy.MaxLifetime, copy.KeyForm));
        Assert.Equal(scene.First.Get<CredentialVault>().Unseal(row).Content, scene.Second.Get<CredentialVault>().Unseal(copy).Content); // Not derived anew, by no logon there either.
        Assert.Equal("second: 2 held, 0 sent, 0 removed, 0 differ", await scene.RunAsync());
    }

    [Fact]
    public async Task Run_CarriesTermsAndLocks()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        using var key = Clients.OpenKey();
        await Clients.PutAsync(scene.First, ada, Clients.Put("ada", name: "night") with { Description = "for the night", Policies = new CredentialPolicies("*", null, null, "/O=x") }, key);
        await Here.LockAsync(new CredentialKey("ada", "night"), "later", Operator, Ct);

        await scene.RunAsync();

        var copy = (await scene.FindCopyAsync("ada"))!;
        Assert.Equal(("night", "for the night", TimeSpan.FromHours(12), "later"), (copy.CredentialName, copy.Description, copy.MaxLifetime, copy.LockMessage));
        Assert.Equal(new CredentialPolicies("*", null, null, "/O=x"), copy.Policies);
    }

    [Fact]
    public async Task Removal_IsThereAtOnce()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await scene.RunAsync();

        await Here.RemoveAsync(new CredentialKey(ada.Actor.Name, ""), Operator, Ct);
        await scene.First.DrainOutboxAsync();

        Assert.Null(await scene.FindCopyAsync(ada.Actor.Name));
        await using var db = scene.First.NewDb();
        Assert.Equal("", (await db.Outbox.SingleAsync(item => item.Kind == MirrorErrand.Kind, Ct)).Payload);
    }

    [Fact]
    public async Task Removal_IsThereInTheNight_WhenItWasNotToldAtOnce()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await scene.RunAsync();
        await using (var db = scene.First.NewDb())
            await db.StoredCredentials.Where(row => row.UserName == ada.Actor.Name).ExecuteDeleteAsync(Ct);

        Assert.Equal("second: 0 held, 0 sent, 1 removed, 0 differ", await scene.RunAsync());

        Assert.Null(await scene.FindCopyAsync(ada.Actor.Name));
    }

    /// <summary>Ten are removed whatever their share is; of more, half.</summary>
    [Theory]
    [InlineData(10, 10, 10)]
    [InlineData(22, 11, 11)]
    [InlineData(21, 11, 0)]
    [InlineData(11, 11, 0)]
    public async Task LostDatabase_TakesNothingAwayThere(int stored, int lost, int removed)
    {
        var names = new List<string>();
        for (var i = 0; i < stored; i++) names.Add((await Clients.AddStoredAsync(scene.First)).Actor.Name);
        await scene.RunAsync();
        var gone = names.Take(lost).ToList();
        await using (var db = scene.First.NewDb()) await db.StoredCredentials.Where(row => gone.Contains(row.UserName)).ExecuteDeleteAsync(Ct);

        var report = await scene.RunAsync();

        Assert.Contains($"{removed} removed", report, StringComparison.Ordinal);
        Assert.Equal(removed == 0, (await scene.StateAsync()).Problems.Contains($"{lost} of the {stored} credentials there are here no more.", StringComparison.Ordinal));
        Assert.Equal(removed == 0, await scene.FindCopyAsync(gone[0]) is not null);
    }

    [Fact]
    public async Task LostDatabase_TakesNothingFromTheDirectory()
    {
        using var folder = new TestFolder();
        await using var portal = await Clients.StartAsync(("MyProxy:Mirror:Directory", folder["store"]));
        for (var i = 0; i < 11; i++) await Clients.AddStoredAsync(portal);
        await portal.Get<MirrorJob>().RunAsync(Ct);
        await using (var db = portal.NewDb()) await db.StoredCredentials.ExecuteDeleteAsync(Ct);

        Assert.Equal("directory: 1 held, 0 sent, 0 removed, 1 differ", await portal.Get<MirrorJob>().RunAsync(Ct));

        Assert.Equal(11, Directory.GetFiles(folder["store"], "*.creds").Length);
    }

    [Fact]
    public async Task Lock_IsThereAtOnce_AndGoesInTheNight()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await scene.RunAsync();

        await Here.LockAsync(new CredentialKey(ada.Actor.Name, ""), "under suspicion", Operator, Ct);
        await scene.First.DrainOutboxAsync();
        Assert.Contains("under suspicion", (await scene.RefusalAsync(ada.Actor.Name)).Message, StringComparison.Ordinal);

        await Here.UnlockAsync(new CredentialKey(ada.Actor.Name, ""), Operator, Ct);
        await scene.RunAsync();
        await scene.LogOnAsync(ada.Actor.Name);
    }

    [Fact]
    public async Task RevokedCertificate_IsGoneThereAtOnce()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await scene.RunAsync();

        await using (var db = scene.First.NewDb())
        {
            var certificate = await db.IssuedCertificates.SingleAsync(issued => issued.Id == ada.Certificate.Id, Ct);
            scene.First.Get<CertificateAuthority>().Revoke(db, certificate, RevocationReason.KeyCompromise, Operator);
            await db.SaveChangesAsync(Ct);
        }

        await scene.First.DrainOutboxAsync();

        Assert.Null(await scene.FindCopyAsync(ada.Actor.Name));
    }

    [Fact]
    public async Task ChangedPassphrase_IsTheOneThere_AfterTheNextRun()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        using var key = Clients.OpenKey();
        await Clients.PutAsync(scene.First, ada, Clients.Put("ada"), key);
        await scene.RunAsync();
        await Clients.PutAsync(scene.First, ada, Clients.Put("ada", Other), key);

        await scene.RunAsync();

        await scene.LogOnAsync("ada", Other);
        Assert.Equal(ErrorKind.Unauthenticated, (await scene.RefusalAsync("ada")).Kind);
    }

    [Fact]
    public async Task Copy_IsNotChangedThere()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await scene.RunAsync();
        var (name, client) = (ada.Actor.Name, Clients.Of(ada));

        var desk = scene.Second.Get<CredentialDesk>();
        foreach (var deed in new[]
        {
            () => desk.DestroyAsync(Clients.Get(name), client, Ct), () => desk.ChangePassphraseAsync(Clients.Change(name, Clients.Passphrase, Other), client, Ct),
            () => scene.Second.Get<DepositService>().AuthoriseAsync(Clients.Put(name), client, Ct),
        })
            Assert.Equal(MyProxyErrors.IsCopy().Message, (await Assert.ThrowsAsync<ServiceException>(deed)).Message);
        await scene.LogOnAsync(name);
    }

    [Fact]
    public async Task LockOfTheSecondSite_Stays_WhileTheRestFollows()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await scene.RunAsync();
        await There.LockAsync(new CredentialKey(ada.Actor.Name, ""), "not here", Operator, Ct);

        Assert.Equal("second: 1 held, 1 sent, 0 removed, 0 differ", await scene.RunAsync());
        Assert.Equal("second: 1 held, 0 sent, 0 removed, 0 differ", await scene.RunAsync());

        Assert.Contains("not here", (await scene.RefusalAsync(ada.Actor.Name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemovedThere_ComesBack()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await scene.RunAsync();
        await There.RemoveAsync(new CredentialKey(ada.Actor.Name, ""), Operator, Ct);

        Assert.Equal("second: 1 held, 1 sent, 0 removed, 0 differ", await scene.RunAsync());

        await scene.LogOnAsync(ada.Actor.Name);
    }

    [Fact]
    public async Task WhatIsTheSecondSitesOwn_IsLeftAlone_AndTold()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await scene.RunAsync();
        await using (var db = scene.Second.NewDb())
            await db.StoredCredentials.ExecuteUpdateAsync(set => set.SetProperty(row => row.Origin, CredentialOrigin.Portal), Ct); // As if it were issued there by now.

        Assert.Equal("second: 1 held, 0 sent, 0 removed, 1 differ", await scene.RunAsync());

        var state = await scene.StateAsync();
        Assert.Equal((1, $"{ada.Actor.Name}: {MyProxyErrors.NotACopyOf().Message}"), (state.Differing, state.Problems));
        await Here.RemoveAsync(new CredentialKey(ada.Actor.Name, ""), Operator, Ct);
        await scene.First.DrainOutboxAsync();
        Assert.NotNull(await scene.FindCopyAsync(ada.Actor.Name));
    }

    [Fact]
    public async Task CopiesOfOthers_AreNotHandedOn()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await using (var db = scene.First.NewDb())
            await db.StoredCredentials.ExecuteUpdateAsync(set => set.SetProperty(row => row.Origin, CredentialOrigin.Mirror), Ct);
        Assert.Equal("second: 0 held, 0 sent, 0 removed, 0 differ", await scene.RunAsync());
        Assert.Null(await scene.FindCopyAsync(ada.Actor.Name));
    }

    [Fact]
    public async Task ManyCredentials_AreCompared_PageByPage()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        using var key = Clients.OpenKey();
        for (var number = 0; number < 12; number++) await Clients.PutAsync(scene.First, ada, Clients.Put($"user{number}"), key);
        await scene.RunAsync();

        var pages = new List<int>();
        for (var skip = 0; skip < 13; skip += 5)
        {
            var page = await scene.Second.Get<MirrorIntake>().ListAsync(scene.Second.Get<MirrorSites>().FindSource("first")!, new(skip), Ct);
            pages.Add(page.Holdings.Count);
        }

        Assert.Equal([13, 8, 3], pages);
    }

    [Fact]
    public async Task UnreadableKey_IsTold_AndTheCopyStays()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await scene.RunAsync();
        await using (var db = scene.First.NewDb())
            await db.StoredCredentials.ExecuteUpdateAsync(set => set.SetProperty(row => row.SealedKey, RandomNumberGenerator.GetBytes(100)), Ct);

        Assert.Equal("second: 1 held, 0 sent, 0 removed, 1 differ", await scene.RunAsync());

        await scene.LogOnAsync(ada.Actor.Name);
    }

    [Fact]
    public async Task SecondSiteThatIsFull_SaysSo()
    {
        await using var full = await MirrorScene.StartAsync(("MyProxy:Mirror:Accept:first:MaxCredentials", "1"));
        await Clients.AddStoredAsync(full.First);
        await Clients.AddStoredAsync(full.First);
        Assert.Equal("second: 2 held, 1 sent, 0 removed, 1 differ", await full.RunAsync());
        Assert.EndsWith(MyProxyErrors.TooManyCopies(1).Message, (await full.StateAsync()).Problems, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PassphraselessCredential_IsRefused_WhereNoneAreAllowed()
    {
        var ada = await Clients.AddStoredAsync(scene.First);
        await using (var db = scene.First.NewDb())
        {
            using var key = Clients.OpenKey();
            var row = await db.StoredCredentials.SingleAsync(Ct);
            row.ChangeKey(StoredKeyForm.Plain, scene.First.Get<CredentialVault>().Seal(row.Id, StoredKeys.Keep(key)));
            await db.SaveChangesAsync(Ct);
        }

        await scene.RunAsync();

        Assert.Equal($"{ada.Actor.Name}: {MyProxyErrors.PassphraseRequired().Message}", (await scene.StateAsync()).Problems);
    }
}
