using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Repository;

[Trait("Category", "Unit")]
public sealed class DeskTests
{
    private const string Next = "the next passphrase";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Info_TellsTheOwner_TheUnnamedFirst()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        using var key = Clients.OpenKey();
        await Clients.PutAsync(portal, ada, Clients.Put(ada.Actor.Name, name: "long") with { Description = "for the night" }, key);

        var infos = await portal.Get<CredentialDesk>().InfoAsync(Clients.Get(ada.Actor.Name), Clients.Of(ada), Ct);

        Assert.Equal([("", null), ("long", "for the night")], infos.Select(info => (info.Name, info.Description)));
        Assert.Equal((ada.Certificate.NotAfter, Clients.Of(ada).Subject), (infos[0].NotAfter, infos[0].Owner));
    }

    [Fact]
    public async Task Info_TellsNobodyElse()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, eve) = (await Clients.AddStoredAsync(portal), await CertifiedPerson.AddAsync(portal));
        foreach (var client in new[] { Clients.Of(eve), Clients.Anonymous })
        {
            var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<CredentialDesk>().InfoAsync(Clients.Get(ada.Actor.Name), client, Ct));
            Assert.Equal($"no credentials found for user {ada.Actor.Name}, owner \"{client.Name}\" ", refusal.Message);
        }
    }

    [Fact]
    public async Task Destroy_Removes_ForTheOwnerOnly()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, eve) = (await Clients.AddStoredAsync(portal), await CertifiedPerson.AddAsync(portal));
        var desk = portal.Get<CredentialDesk>();

        Assert.Equal($"Credentials not owned by \"{Clients.Of(eve).Subject}\".", (await Assert.ThrowsAsync<ServiceException>(() => desk.DestroyAsync(Clients.Get(ada.Actor.Name), Clients.Of(eve), Ct))).Message);
        await desk.DestroyAsync(Clients.Get(ada.Actor.Name), Clients.Of(ada), Ct);
        Assert.Equal("Credentials do not exist. ", (await Assert.ThrowsAsync<ServiceException>(() => desk.DestroyAsync(Clients.Get(ada.Actor.Name), Clients.Of(ada), Ct))).Message);
        Assert.Equal(ErrorKind.Unauthenticated, (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name))).Kind);
    }

    [Fact]
    public async Task Change_EndsTheOldPassphraseAtOnce()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);

        await portal.Get<CredentialDesk>().ChangePassphraseAsync(Clients.Change(ada.Actor.Name, Clients.Passphrase, Next), Clients.Of(ada), Ct);

        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name, Next));
        Assert.Equal(ErrorKind.Unauthenticated, (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name))).Kind);
    }

    [Theory]
    [InlineData("", "This server stores no credentials without a pass phrase.")]
    [InlineData("short", "Pass phrase too short.  Must be at least 6 characters long.")]
    public async Task Change_IsRefused_WhenTheNewPassphraseIsNone(string next, string text)
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);

        Assert.Equal(text, (await ChangeRefusalAsync(portal, ada, Clients.Passphrase, next)).Message);

        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name));
    }

    [Fact]
    public async Task Change_IsRefused_WithoutTheOldPassphrase()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        Assert.Equal(ErrorKind.Unauthenticated, (await ChangeRefusalAsync(portal, ada, "not the passphrase", Next)).Kind);
        Assert.Equal(ErrorKind.Unauthenticated, (await ChangeRefusalAsync(portal, ada, "", Next)).Kind);
    }

    [Fact]
    public async Task Change_IsRefused_ForOthers()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, eve) = (await Clients.AddStoredAsync(portal), await CertifiedPerson.AddAsync(portal));
        foreach (var client in new[] { Clients.Of(eve), Clients.Anonymous })
        {
            var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<CredentialDesk>().ChangePassphraseAsync(Clients.Change(ada.Actor.Name, Clients.Passphrase, Next), client, Ct));
            Assert.Equal($"'{client.Name}' does not own the credentials", refusal.Message);
        }
    }

    [Fact]
    public async Task Change_LeavesTheOldOrTheNew_WhenLogonsRunBesideIt()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:MaxAttempts", "100"));
        var ada = await Clients.AddStoredAsync(portal);
        var logons = Enumerable.Range(0, 8).Select(_ => Task.Run(() => Record.ExceptionAsync(() => Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name))), Ct)).ToList();
        var change = Task.Run(() => Record.ExceptionAsync(() => portal.Get<CredentialDesk>().ChangePassphraseAsync(Clients.Change(ada.Actor.Name, Clients.Passphrase, Next), Clients.Of(ada), Ct)), Ct);

        var isChanged = await change is null; // The first logon may have written the key anew in between: then it is a conflict, and nothing has changed.
        await Task.WhenAll(logons);

        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name, isChanged ? Next : Clients.Passphrase));
    }

    private static Task<ServiceException> ChangeRefusalAsync(TestPortal portal, CertifiedPerson person, string old, string next) =>
        Assert.ThrowsAsync<ServiceException>(() => portal.Get<CredentialDesk>().ChangePassphraseAsync(Clients.Change(person.Actor.Name, old, next), Clients.Of(person), Ct));
}
