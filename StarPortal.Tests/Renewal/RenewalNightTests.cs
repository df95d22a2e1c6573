using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Identity;
using StarPortal.Core.Renewal;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Renewal;

[Trait("Category", "Unit")]
public sealed class RenewalNightTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Night_MailsOnceASlot_HoweverOftenItRuns()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal, daysLeft: 46);

        for (var left = 46; left >= 0; left--)
        {
            portal.Clock.SetTo(ada.Certificate.NotAfter.AddDays(-left).AddMinutes(-1));
            await EndingPerson.RunNightAsync(portal);
            await EndingPerson.RunNightAsync(portal);
        }

        Assert.Equal(6, ada.Notices.Count);
        await using var db = portal.NewDb();
        Assert.Equal([45, 30, 14, 7, 3, 1], (await db.RenewalNotices.Select(notice => notice.Slot).ToListAsync(Ct)).OrderDescending());
        Assert.Equal(6, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.RenewalNotified, Ct));
    }

    /// <summary>Muted is not cut off: nobody's certificate ends without a word.</summary>
    [Fact]
    public async Task Night_MailsTheLastTwoSlots_WhenNoticesAreMuted()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal, daysLeft: 46);
        await portal.Get<MyRenewals>().SetMutedAsync(true, ada.Actor, Ct);

        for (var left = 46; left >= 0; left--)
        {
            portal.Clock.SetTo(ada.Certificate.NotAfter.AddDays(-left).AddMinutes(-1));
            await EndingPerson.RunNightAsync(portal);
        }

        Assert.Equal(2, ada.Notices.Count);
        await using var db = portal.NewDb();
        Assert.Equal([3, 1], (await db.RenewalNotices.Select(notice => notice.Slot).ToListAsync(Ct)).OrderDescending());
        Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.RenewalNoticesMuted, Ct));
    }

    [Fact]
    public async Task Night_TellsOfTheNewestSlotOnly_WhenNightsWereMissed()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal, daysLeft: 5);
        await EndingPerson.RunNightAsync(portal);

        Assert.Single(ada.Notices);
        await using var db = portal.NewDb();
        Assert.Equal(7, await db.RenewalNotices.Select(notice => notice.Slot).SingleAsync(Ct));
    }

    [Fact]
    public async Task Night_MailsEachOnce_WhenSeveralNodesRunIt()
    {
        await using var portal = await EndingPerson.StartAsync(("Renewal:BatchSize", "7"));
        var people = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => EndingPerson.AddAsync(portal, daysLeft: null)));
        portal.Clock.SetTo(people.Min(person => person.Certificate.NotAfter).AddDays(-20));

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => portal.Get<RenewalNightJob>().RunAsync(Ct), Ct)));
        await portal.DrainOutboxAsync();

        Assert.All(people, person => Assert.Single(person.Notices));
    }

    [Fact]
    public async Task Notice_IsOneMailForAllCertificates_WithLinksAndCalendar()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal, daysLeft: null);
        await AddSecondAsync(ada, "grid-person");
        portal.Clock.SetTo(ada.Certificate.NotAfter.AddDays(-20));
        await EndingPerson.RunNightAsync(portal);

        var mail = Assert.Single(ada.Notices);
        Assert.Equal(2, mail.Links.Count(link => link.AbsolutePath.StartsWith("/renew/", StringComparison.Ordinal)));
        Assert.Equal(2, mail.Links.Count(link => link.AbsolutePath.StartsWith("/decline/", StringComparison.Ordinal)));
        var calendar = await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(portal.DataDirectory, "mail")).Single(), Ct);
        Assert.Contains("text/calendar", calendar, StringComparison.Ordinal);
        Assert.Contains("certificate-ends.ics", calendar, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("replaced")]
    [InlineData("declined")]
    [InlineData("muted")]
    [InlineData("expired")]
    [InlineData("locked")]
    [InlineData("refused")]
    public async Task Night_IsSilent_When(string why)
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        await SilenceAsync(ada, why);
        await EndingPerson.RunNightAsync(portal);

        Assert.Empty(ada.Notices);
    }

    [Fact]
    public async Task Night_IsNotSilenced_BySomebodyElsesCertificateOfTheSameName()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        var mallory = await portal.AddPersonAsync(PortalRole.Subscriber, ada.Person.Organisation);
        await IssueLaterAsync(ada, mallory.Id, ada.Certificate.Profile);
        await EndingPerson.RunNightAsync(portal);

        Assert.Single(ada.Notices);
    }

    private static async Task SilenceAsync(EndingPerson ada, string why)
    {
        var portal = ada.Portal;
        await using var db = portal.NewDb();
        switch (why)
        {
            case "revoked": portal.Get<CertificateAuthority>().Revoke(db, await db.IssuedCertificates.SingleAsync(row => row.Id == ada.Certificate.Id, Ct), RevocationReason.Superseded, Actor.System("test")); break;
            case "replaced": await IssueLaterAsync(ada, ada.Actor.Id, ada.Certificate.Profile); break;
            case "declined": await portal.Get<DeclineService>().DeclineAsync(ada.Account, ada.Actor, Ct); break;
            case "muted": await portal.Get<MyRenewals>().SetMutedAsync(true, ada.Actor, Ct); break;
            case "expired": portal.Clock.SetTo(ada.Certificate.NotAfter); break;
            case "locked": (await db.Users.SingleAsync(user => user.Id == ada.Actor.Id, Ct)).LockoutEnd = AccountLocks.Permanent; break;
            case "refused":
                var entitlement = Entitlement.Of(ada.Actor.Id!.Value);
                entitlement.Refuse(await portal.AddOfficerAsync(ada.Person.Organisation), portal.Clock.Now);
                db.Entitlements.Add(entitlement);
                break;
        }

        await db.SaveChangesAsync(Ct);
        await portal.DrainOutboxAsync();
    }

    private static Task AddSecondAsync(EndingPerson ada, string name) => IssueAsync(ada, ada.Actor.Id, ada.Certificate.Profile, $"DC=org, DC=starportal, CN={name}");

    private static Task IssueLaterAsync(EndingPerson ada, Guid? userId, string profile) => IssueAsync(ada, userId, profile, ada.Certificate.Subject);

    private static async Task IssueAsync(EndingPerson ada, Guid? userId, string profile, string subject)
    {
        await using var db = ada.Portal.NewDb();
        ada.Portal.Get<CertificateAuthority>().Issue(db, new IssuanceOrder
        {
            Profile = profile, Subject = DistinguishedName.Parse(subject), UserId = userId, OrganisationId = ada.Person.Organisation.Id,
            PublicKeyInfo = ProtectedKeys.Make(KeyAlgorithm.EcdsaP256, EndingPerson.Passphrase).PublicKeyInfo, SourceKey = $"test:{Guid.NewGuid()}",
        }, Actor.System("test"));
        await db.SaveChangesAsync(Ct);
    }
}
