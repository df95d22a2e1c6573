using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Repository;

[Trait("Category", "Unit")]
public sealed class DepositTests
{
    private const string Other = "another passphrase";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StoredProxy_CanBeLoggedOnTo()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        using var key = Clients.OpenKey();

        await Clients.PutAsync(portal, ada, Clients.Put("ada", Other), key);

        await Clients.LogOnAsync(portal, Clients.Get("ada", Other));
        var row = await Clients.RowAsync(portal, "ada");
        Assert.Equal((Clients.Of(ada).Subject, TimeSpan.FromHours(12), ada.Certificate.Id, ada.Actor.Id), (row.Owner, row.MaxLifetime, row.CertificateId, row.UserId));
    }

    [Fact]
    public async Task Put_ReplacesTheOwnersCredential_AndTheOldPassphraseStopsAtOnce()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        using var key = Clients.OpenKey();

        await Clients.PutAsync(portal, ada, Clients.Put(ada.Actor.Name, Other), key);

        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name, Other));
        Assert.Equal(ErrorKind.Unauthenticated, (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name))).Kind);
        await using var db = portal.NewDb();
        Assert.Equal(1, await db.AuditRecords.CountAsync(row => row.Action == AuditAction.MyProxyReplaced, Ct));
    }

    [Fact]
    public async Task Put_IsRefused_WhenTheCredentialIsSomebodyElses()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, eve) = (await Clients.AddStoredAsync(portal), await CertifiedPerson.AddAsync(portal));
        using var key = Clients.OpenKey();

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => Clients.PutAsync(portal, eve, Clients.Put(ada.Actor.Name, Other), key));

        Assert.StartsWith($"Credentials are already stored for user {ada.Actor.Name}\nand they are not owned by\n\"{Clients.Of(eve).Subject}\",\nso you may not overwrite them.", refusal.Message, StringComparison.Ordinal);
        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name));
    }

    [Theory]
    [InlineData("", "This server stores no credentials without a pass phrase.")]
    [InlineData("short", "Pass phrase too short.  Must be at least 6 characters long.")]
    public async Task Put_IsRefused_WhenThePassphraseIsNone(string passphrase, string text)
    {
        await using var portal = await Clients.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<DepositService>().AuthoriseAsync(Clients.Put("ada", passphrase), Clients.Of(ada), Ct));
        Assert.Equal(text, refusal.Message);
    }

    [Fact]
    public async Task Put_IsRefused_ForAnonymousClientsAndForeignNames()
    {
        await using var portal = await Clients.StartAsync();
        foreach (var client in new[] { Clients.Anonymous, new MyProxyClient("/O=Elsewhere/CN=Ada", false, null), new MyProxyClient("/DC=org/DC=starportalx/CN=Ada", false, null) })
        {
            var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<DepositService>().AuthoriseAsync(Clients.Put("ada"), client, Ct));
            Assert.Equal($"\"{client.Name}\" not authorized to store credentials on this server (accepted_credentials policy)", refusal.Message);
        }
    }

    [Fact]
    public async Task Put_IsRefused_WhenTheKeyIsAnother()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        using var key = RSA.Create(2048);
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => Clients.PutAsync(portal, ada, Clients.Put("ada"), key));
        Assert.Equal("Credentials are not valid.\nThe key does not belong to the certificate.", refusal.Message);
    }

    [Fact]
    public async Task Put_IsRefused_WhenTheProxyIsOfAnotherName()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, eve) = (await CertifiedPerson.AddAsync(portal), await CertifiedPerson.AddAsync(portal));
        using var key = Clients.OpenKey();
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<DepositService>().StoreProxyAsync(Clients.Put("eve"), Clients.Of(eve), key, [ada.Certificate.Der], Ct));
        Assert.StartsWith("Failed to accept credentials.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_IsRefused_WhenOneOwnerHasTooMany()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:MaxStoredPerOwner", "2"));
        var ada = await CertifiedPerson.AddAsync(portal);
        using var key = Clients.OpenKey();
        foreach (var name in new[] { "a", "b", "a" }) await Clients.PutAsync(portal, ada, Clients.Put("ada", name: name), key);
        Assert.Equal(ErrorKind.TooMany, (await Assert.ThrowsAsync<ServiceException>(() => Clients.PutAsync(portal, ada, Clients.Put("ada", name: "c"), key))).Kind);
    }

    [Fact]
    public async Task ManyPutsAtOnce_NeverExceedWhatOneOwnerMayHave()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:MaxStoredPerOwner", "2"));
        var ada = await CertifiedPerson.AddAsync(portal);

        var refusals = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () => await Record.ExceptionAsync(async () =>
        {
            using var key = Clients.OpenKey();
            await Clients.PutAsync(portal, ada, Clients.Put("ada", name: $"{number}"), key);
        }), Ct)));

        Assert.Equal(6, refusals.Count(refusal => refusal is not null));
        Assert.All(refusals.OfType<Exception>(), refusal => Assert.Equal(ErrorKind.TooMany, Assert.IsType<ServiceException>(refusal).Kind));
        await using var db = portal.NewDb();
        Assert.Equal(2, await db.StoredCredentials.CountAsync(Ct));
    }

    [Fact]
    public async Task Put_StoresTheChainThatWasVerified()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, eve) = (await CertifiedPerson.AddAsync(portal), await CertifiedPerson.AddAsync(portal));
        using var key = Clients.OpenKey();

        await portal.Get<DepositService>().StoreProxyAsync(Clients.Put("ada"), Clients.Of(ada), key, [ada.Certificate.Der, eve.Certificate.Der], Ct);

        var chain = CredentialChain.Split((await Clients.RowAsync(portal, "ada")).Chain);
        Assert.Equal([ada.Certificate.Der, portal.Get<CertificateAuthority>().ChainOf(ada.Certificate.Issuer)[0].RawData], chain);
    }

    [Fact]
    public async Task Put_IsRefused_WhenTheCredentialLivesTooLong()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:MaxCredentialLifetime", "7.00:00:00"));
        var ada = await CertifiedPerson.AddAsync(portal);
        using var key = Clients.OpenKey();
        Assert.Equal("Failed to accept credentials.\nThis server keeps credentials of up to 168 hours.", (await Assert.ThrowsAsync<ServiceException>(() => Clients.PutAsync(portal, ada, Clients.Put("ada"), key))).Message);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("(a|b")]
    [InlineData("")]
    public async Task Put_IsRefused_WhenAPolicyIsNoPattern(string pattern)
    {
        await using var portal = await Clients.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        var request = Clients.Put("ada") with { Policies = new CredentialPolicies(pattern, null, null, null) };
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<DepositService>().AuthoriseAsync(request, Clients.Of(ada), Ct));
        Assert.Equal((ErrorKind.Invalid, $"This is no pattern of names: \"{pattern}\""), (refusal.Kind, refusal.Message));
    }

    [Fact]
    public async Task TwoPuts_LeaveOneCredentialWhole_WhenTheyComeAtOnce()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Task.Run(async () =>
        {
            using var key = Clients.OpenKey();
            await Clients.PutAsync(portal, ada, Clients.Put("ada", $"passphrase {number}"), key);
        }, Ct)));

        var opened = 0;
        for (var number = 0; number < 6; number++)
            if (await Record.ExceptionAsync(() => Clients.LogOnAsync(portal, Clients.Get("ada", $"passphrase {number}"))) is null) opened++;
        Assert.Equal(1, opened);
    }

    [Fact]
    public async Task Store_KeepsTheKeyAsItIs()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        var pem = Clients.PemOf(ada, PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", CertifiedPerson.EncryptedKey));

        await StoreAsync(portal, ada, pem);

        await Clients.LogOnAsync(portal, Clients.Get("ada"));
    }

    [Theory]
    [InlineData("PRIVATE KEY")]
    [InlineData("RSA PRIVATE KEY")]
    public async Task Store_IsRefused_WhenTheKeyHasNoPassphrase(string label)
    {
        await using var portal = await Clients.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        using var key = Clients.OpenKey();
        var pem = Clients.PemOf(ada, PemEncoding.WriteString(label, label[0] == 'R' ? key.ExportRSAPrivateKey() : key.ExportPkcs8PrivateKey()));
        Assert.Equal("This server stores no credentials without a pass phrase.", (await Assert.ThrowsAsync<ServiceException>(() => StoreAsync(portal, ada, pem))).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----\n")]
    public async Task Store_IsRefused_WhenItIsNoCredential(string pem)
    {
        await using var portal = await Clients.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        Assert.StartsWith("Credentials are not valid.", (await Assert.ThrowsAsync<ServiceException>(() => StoreAsync(portal, ada, pem))).Message, StringComparison.Ordinal);
    }

    private static Task StoreAsync(TestPortal portal, CertifiedPerson person, string pem) =>
        portal.Get<DepositService>().StorePemAsync(Clients.Put("ada", "") with { Command = MyProxyCommand.Store }, Clients.Of(person), Encoding.ASCII.GetBytes(pem), Ct);
}
