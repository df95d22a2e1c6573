using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.MyProxy.Repository;

[Trait("Category", "Unit")]
public sealed class LogonTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Logon_OpensTheKey_WhenThePassphraseIsRight()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);

        using var open = Assert.IsType<LogonDecision.Open>(await portal.Get<LogonService>().DecideAsync(Clients.Get(ada.Actor.Name), Clients.Anonymous, Ct)).Credential;

        Assert.Equal(ada.Certificate.Der, open.Chain[0]);
        Assert.Equal(2, open.Chain.Count); // Without the root.
        Assert.Equal(PublicKeyFacts.HashOf(open.Key.ExportSubjectPublicKeyInfo()), ada.Certificate.KeyHash);
    }

    [Fact]
    public async Task Logon_IsRecordedWithItsUse()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        using var open = Assert.IsType<LogonDecision.Open>(await portal.Get<LogonService>().DecideAsync(Clients.Get(ada.Actor.Name), Clients.Anonymous, Ct)).Credential;

        await portal.Get<LogonService>().RecordAsync(open, Clients.Anonymous, portal.Clock.Now.AddHours(12), Ct);

        var row = await Clients.RowAsync(portal, ada.Actor.Name);
        Assert.Equal((portal.Clock.Now, "<anonymous>", "192.0.2.1"), (row.LastUsedAt, row.LastUsedBy, row.LastUsedFrom));
        await using var db = portal.NewDb();
        var record = await db.AuditRecords.SingleAsync(entry => entry.Action == AuditAction.MyProxyLogon, Ct);
        Assert.StartsWith(ada.Actor.Name, record.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Use_IsRecorded_WhenTheCredentialIsGoneMeanwhile()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        using var open = Assert.IsType<LogonDecision.Open>(await portal.Get<LogonService>().DecideAsync(Clients.Get(ada.Actor.Name), Clients.Anonymous, Ct)).Credential;
        await portal.Get<CredentialDesk>().DestroyAsync(Clients.Get(ada.Actor.Name), Clients.Of(ada), Ct);

        await portal.Get<LogonService>().RecordAsync(open, Clients.Anonymous, portal.Clock.Now, Ct);

        await using var db = portal.NewDb();
        Assert.Equal(1, await db.AuditRecords.CountAsync(entry => entry.Action == AuditAction.MyProxyLogon, Ct));
    }

    [Fact]
    public async Task FirstGoodPassphrase_WritesTheKeyAnewWithFewRounds()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        Assert.Equal(ProtectedKeys.PassphraseRounds, RoundsOf(portal, await Clients.RowAsync(portal, ada.Actor.Name)));

        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name));

        Assert.Equal(new MyProxyOptions().KeyDerivationRounds, RoundsOf(portal, await Clients.RowAsync(portal, ada.Actor.Name)));
        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name));
    }

    [Fact]
    public async Task AnonymousClients_GetOneAnswer_WhetherTheUserExistsOrNot()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);

        var wrong = await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, "not the passphrase"));
        var unknown = await Clients.RefusalAsync(portal, Clients.Get("nobody", "not the passphrase"));
        var unnamed = await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, name: "other"));

        Assert.Equal("Bad password\ninvalid credential passphrase", wrong.Message);
        Assert.All([unknown, unnamed], refusal => Assert.Equal((wrong.Kind, wrong.Message), (refusal.Kind, refusal.Message)));
    }

    [Fact]
    public async Task NamedClients_LearnThatThereIsNothing()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);

        Assert.Equal("No credentials exist for username \"nobody\".", (await Clients.RefusalAsync(portal, Clients.Get("nobody"), Clients.Of(ada))).Message);
        Assert.Equal("No credentials exist with username \"nobody\" and credential name \"x\".", (await Clients.RefusalAsync(portal, Clients.Get("nobody", name: "x"), Clients.Of(ada))).Message);
    }

    [Theory]
    [InlineData("", "no passphrase\nauthentication failed")]
    [InlineData("short", "invalid credential passphrase")]
    public async Task UnusablePassphrase_IsRefused(string passphrase, string text)
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);

        Assert.Equal(text, (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, passphrase))).Message);
        Assert.Equal(text, (await Clients.RefusalAsync(portal, Clients.Get("nobody", passphrase))).Message);
    }

    [Fact]
    public async Task Logon_EndsAtOnce_WhenTheCertificateIsRevoked()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        await using (var db = portal.NewDb())
        {
            portal.Get<CertificateAuthority>().Revoke(db, await db.IssuedCertificates.SingleAsync(row => row.Id == ada.Certificate.Id, Ct), RevocationReason.KeyCompromise, ada.Actor);
            await db.SaveChangesAsync(Ct);
        }

        Assert.Equal("X509_verify_cert() failed: certificate revoked", (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name))).Message);
    }

    [Fact]
    public async Task Logon_Ends_WhenTheCertificateHasExpired()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        portal.Clock.SetTo(ada.Certificate.NotAfter.AddSeconds(1));

        Assert.Equal("X509_verify_cert() failed: certificate has expired", (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name))).Message);
    }

    [Fact]
    public async Task LockedCredential_TellsWhyOnlyToWhoKnowsThePassphrase()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        await portal.Get<StoredCredentialAdministration>().LockAsync(new CredentialKey(ada.Actor.Name, ""), "come to room 12", await portal.AddAdministratorAsync(), Ct);

        Assert.Equal("credential locked\ncome to room 12", (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name))).Message);
        Assert.DoesNotContain("room 12", (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, "not the passphrase"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    public async Task UserNameThatCannotBe_IsRefused(string userName)
    {
        await using var portal = await Clients.StartAsync();
        Assert.Equal(ErrorKind.Invalid, (await Clients.RefusalAsync(portal, Clients.Get(userName))).Kind);
    }

    [Fact]
    public async Task EndlessUserName_IsRefused()
    {
        await using var portal = await Clients.StartAsync();
        Assert.Equal(ErrorKind.Invalid, (await Clients.RefusalAsync(portal, Clients.Get(new string('x', 100_000)))).Kind);
    }

    [Fact]
    public async Task StoredKey_DoesNotOpenInAnotherRow()
    {
        await using var portal = await Clients.StartAsync();
        var (ada, eve) = (await Clients.AddStoredAsync(portal), await Clients.AddStoredAsync(portal));
        await using (var db = portal.NewDb())
        {
            var (from, to) = (await Clients.RowAsync(portal, eve.Actor.Name), await db.StoredCredentials.SingleAsync(row => row.UserName == ada.Actor.Name, Ct));
            db.Entry(to).Property(row => row.SealedKey).CurrentValue = from.SealedKey;
            await db.SaveChangesAsync(Ct);
        }

        await Assert.ThrowsAnyAsync<System.Security.Cryptography.CryptographicException>(() => Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name)));
    }

    private static int RoundsOf(TestPortal portal, StoredCredential row) => Pkcs8Header.Read(portal.Get<CredentialVault>().Unseal(row).Content)!.Rounds;
}
