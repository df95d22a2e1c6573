using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Renewal;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Renewal;

[Trait("Category", "Unit")]
public sealed class RenewalServiceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Renew_SwapsKeyCertificateAndMyProxyCredential_UnderTheSameName()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        Assert.Equal(RenewalOutcome.Renewed, await ada.RenewAsync(await ada.LinkAsync()));

        await using var db = portal.NewDb();
        var renewed = await db.IssuedCertificates.SingleAsync(row => row.UserId == ada.Actor.Id && row.Id != ada.Certificate.Id, Ct);
        Assert.Equal((ada.Certificate.Subject, ada.Certificate.Profile, $"email:{ada.Email}"), (renewed.Subject, renewed.Profile, Assert.Single(renewed.Names)));
        Assert.NotEqual(ada.Certificate.KeyHash, renewed.KeyHash);
        Assert.Equal(renewed.Id, (await db.CertificateRenewals.SingleAsync(Ct)).ReplacementId);
        Assert.Equal(renewed.Id, (await db.StoredCredentials.SingleAsync(row => row.UserName == ada.Actor.Name, Ct)).CertificateId);
        Assert.True(await db.Credentials.AnyAsync(row => row.CertificateId == renewed.Id, Ct));
        Assert.False((await db.IssuedCertificates.SingleAsync(row => row.Id == ada.Certificate.Id, Ct)).IsRevoked);
        Assert.Equal(1, await db.AuditRecords.CountAsync(row => row.Action == AuditAction.CertificateRenewed && row.ActorId == ada.Actor.Id, Ct));
    }

    [Fact]
    public async Task Renew_KeepsThePassphrase_OfTheNewKey()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        await ada.RenewAsync(ada.Account, actor: ada.Actor);
        var serial = (await portal.Get<MyCertificates>().ListAsync(ada.Actor, Ct))[0].SerialNumber;

        Assert.NotEqual(ada.Certificate.SerialNumber, serial);
        var file = await portal.Get<DownloadService>().GetKeyAsync(serial, DownloadUse.Firefox, EndingPerson.Passphrase, ada.Actor, Ct);
        Assert.NotEmpty(file.Content);
        using var request = new MyProxyRequest { Command = MyProxyCommand.Get, UserName = ada.Actor.Name, Passphrase = System.Text.Encoding.UTF8.GetBytes(EndingPerson.Passphrase) };
        using var open = await portal.Get<CredentialOpener>().OpenAsync(CredentialKey.Of(request), request.Passphrase, new MyProxyClient(null, false, "127.0.0.1"), _ => { }, Ct);
        Assert.NotNull(open.Key);
    }

    [Fact]
    public async Task Renew_CountsWrongPassphrases_AndChangesNothing()
    {
        await using var portal = await EndingPerson.StartAsync(("Credentials:MaxAttempts", "2"));
        var ada = await EndingPerson.AddAsync(portal);
        var link = await ada.LinkAsync();

        var refusal = await ada.RefusalAsync(link, new RenewalForm { Passphrase = "not it at all" });
        Assert.Equal((ErrorKind.Invalid, RenewalErrors.PassphraseField), (refusal.Kind, refusal.Field));
        await ada.RefusalAsync(link, new RenewalForm { Passphrase = "nor this one" });
        Assert.Equal(ErrorKind.TooMany, (await ada.RefusalAsync(link)).Kind);
        portal.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(RenewalOutcome.Renewed, await ada.RenewAsync(link));
    }

    [Fact]
    public async Task Link_IsUsedOnce_AndItsPageSaysWhatCameOfIt()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        var link = await ada.LinkAsync();
        await ada.RenewAsync(link);

        Assert.Equal(ErrorKind.Conflict, (await ada.RefusalAsync(link)).Kind);
        Assert.NotNull((await ada.ViewAsync(link)).RenewedAs);
        await using var db = portal.NewDb();
        Assert.Equal(2, await db.IssuedCertificates.CountAsync(row => row.UserId == ada.Actor.Id, Ct));
    }

    [Fact]
    public async Task Link_IsRefused_WhenItIsUnknownOrForSomethingElse()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        Assert.Equal(ErrorKind.NotFound, (await ada.RefusalAsync(RenewalEntrance.ByLink("nonsense"))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await ada.RefusalAsync(await ada.LinkAsync("decline"))).Kind);
    }

    [Fact]
    public async Task Link_IsRefused_WhenSomebodyElseIsSignedIn()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        var bob = await EndingPerson.AddAsync(portal, daysLeft: null);
        var link = await ada.LinkAsync();

        Assert.Equal(ErrorKind.Forbidden, (await ada.RefusalAsync(link, actor: bob.Actor)).Kind);
        Assert.Equal(ErrorKind.NotFound, (await ada.RefusalAsync(ada.Account, actor: bob.Actor)).Kind);
        Assert.Equal(ErrorKind.Unauthenticated, (await ada.RefusalAsync(ada.Account)).Kind);
    }

    [Fact]
    public async Task Page_ChangesNothing_AndTellsNoMoreThanTheMail_WhenItIsOpened()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        var link = await ada.LinkAsync();
        await using var db = portal.NewDb();
        (await db.Users.SingleAsync(user => user.Id == ada.Actor.Id, Ct)).PhoneNumber = "+49 30 123456";
        await db.SaveChangesAsync(Ct);
        var before = await DatabaseDigest.OfAsync(db);

        Assert.Null((await ada.ViewAsync(link)).Phone);
        Assert.Equal(before, await DatabaseDigest.OfAsync(db));
    }

    [Fact]
    public async Task Renew_HappensOnce_WhenLinkAndAccountAreUsedAtOnce()
    {
        await using var portal = await EndingPerson.StartAsync();
        List<EndingPerson> people = [];
        for (var i = 0; i < 5; i++) people.Add(await EndingPerson.AddAsync(portal, daysLeft: null));
        portal.Clock.SetTo(people[0].Certificate.NotAfter.AddDays(-40));
        foreach (var ada in people)
        {
            var link = await ada.LinkAsync();
            var tries = await Task.WhenAll(
                Task.Run(async () => await Record.ExceptionAsync(() => ada.RenewAsync(link)), Ct), Task.Run(async () => await Record.ExceptionAsync(() => ada.RenewAsync(ada.Account, actor: ada.Actor)), Ct));

            Assert.Single(tries, error => error is null);
            Assert.Single(tries, error => error is ServiceException { Kind: ErrorKind.Conflict or ErrorKind.TooMany });
            await using var db = portal.NewDb();
            Assert.Equal(2, await db.IssuedCertificates.CountAsync(row => row.UserId == ada.Actor.Id, Ct));
            Assert.Equal(1, await db.StoredCredentials.CountAsync(row => row.UserId == ada.Actor.Id, Ct));
        }
    }

    [Theory]
    [InlineData(46, ErrorKind.Conflict)]
    [InlineData(-29.9, null)]
    [InlineData(-30.1, ErrorKind.Gone)]
    public async Task Renew_IsPossible_FromTheFirstSlotToTheEndOfTheGraceTime(double daysLeft, ErrorKind? expected)
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal, daysLeft);

        var error = await Record.ExceptionAsync(() => ada.RenewAsync(ada.Account, actor: ada.Actor));
        Assert.Equal(expected, (error as ServiceException)?.Kind);
    }

    [Fact]
    public async Task Grace_IsByProfile()
    {
        await using var portal = await EndingPerson.StartAsync(("Renewal:Grace:person", "00:00:00"));
        var ada = await EndingPerson.AddAsync(portal, daysLeft: -0.1);
        Assert.Equal(ErrorKind.Gone, (await ada.RefusalAsync(ada.Account, actor: ada.Actor)).Kind);
    }

    [Theory]
    [InlineData("Credentials")]
    [InlineData("StoredCredentials")]
    [InlineData("CertificateRenewals")]
    [InlineData("OutgoingMails")]
    public async Task Renew_ChangesNothing_WhenTheDatabaseRefuses(string table)
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        var link = await ada.LinkAsync();
        await using var refusing = new RefusingDatabase(portal.NewDb());
        await refusing.RefuseAsync(table == "CertificateRenewals" ? "UPDATE" : "INSERT", table, table == "CertificateRenewals" ? "NEW.\"ReplacementId\" IS NOT NULL" : "1 = 1");
        Assert.NotNull(await Record.ExceptionAsync(() => ada.RenewAsync(link)));

        await using (var db = portal.NewDb())
        {
            Assert.Equal(1, await db.IssuedCertificates.CountAsync(row => row.UserId == ada.Actor.Id, Ct));
            Assert.Equal(0, await db.StoredCredentials.CountAsync(Ct));
        }

        await refusing.RelentAsync();
        Assert.Equal(RenewalOutcome.Renewed, await ada.RenewAsync(link));
    }

    [Fact]
    public async Task Renew_IsRefused_AfterRevocation()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        var link = await ada.LinkAsync();
        await using var db = portal.NewDb();
        portal.Get<CertificateAuthority>().Revoke(db, await db.IssuedCertificates.SingleAsync(row => row.Id == ada.Certificate.Id, Ct), RevocationReason.KeyCompromise, ada.Actor);
        await db.SaveChangesAsync(Ct);
        Assert.Equal(RenewalErrors.Revoked().Message, (await ada.RefusalAsync(link)).Message);
    }
}
