using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Renewal;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Renewal;

[Trait("Category", "Unit")]
public sealed class OverviewTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Funnel_CountsEachFate()
    {
        await using var portal = await EndingPerson.StartAsync();
        var people = new List<EndingPerson>();
        for (var i = 0; i < 4; i++) people.Add(await EndingPerson.AddAsync(portal, daysLeft: null));
        portal.Clock.SetTo(people[0].Certificate.NotAfter.AddDays(-40));
        await EndingPerson.RunNightAsync(portal);
        await people[0].RenewAsync(people[0].Account, actor: people[0].Actor);
        await people[1].RefusalAsync(people[1].Account, new RenewalForm { Passphrase = "wrong one" }, people[1].Actor);
        await portal.Get<DeclineService>().DeclineAsync(people[2].Account, people[2].Actor, Ct);
        portal.Clock.SetTo(people[0].Certificate.NotAfter.AddDays(1));

        var months = await portal.Get<RenewalFunnel>().ReadAsync(await portal.AddAdministratorAsync(), Ct);
        var month = months.Single(candidate => candidate.Ending > 0);
        Assert.Equal((4, 4, 2, 1, 1, 2), (month.Ending, month.Notified, month.Opened, month.Renewed, month.Declined, month.Lapsed));
    }

    [Fact]
    public async Task Funnel_ShowsOfficersTheirOrganisation_AndSubscribersNothing()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        await EndingPerson.AddAsync(portal, daysLeft: null);
        var months = await portal.Get<RenewalFunnel>().ReadAsync(await portal.AddOfficerAsync(ada.Person.Organisation), Ct);

        Assert.Equal(1, months.Sum(month => month.Ending));
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<ServiceException>(() => portal.Get<RenewalFunnel>().ReadAsync(ada.Actor, Ct))).Kind);
    }

    [Fact]
    public async Task Digest_IsOneMailAWeek_WithWhatLapses()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal, daysLeft: 20);
        var officer = await portal.AddOfficerAsync(ada.Person.Organisation);
        await portal.AddOfficerAsync(await portal.AddOrganisationAsync("Other Lab"));
        await portal.Get<LapseDigestJob>().RunAsync(Ct);
        await portal.Get<LapseDigestJob>().RunAsync(Ct);
        await portal.DrainOutboxAsync();

        var mail = Assert.Single(portal.Mails, sent => sent.Subject.Contains("lapse", StringComparison.Ordinal));
        Assert.Contains(officer.Name, mail.To, StringComparison.Ordinal);
        Assert.Contains(ada.Actor.Name, mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Digest_IsNotSent_WhenNothingLapses()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        await portal.AddOfficerAsync(ada.Person.Organisation);
        await ada.RenewAsync(ada.Account, actor: ada.Actor);
        portal.Clock.SetTo(ada.Certificate.NotAfter.AddDays(-10));
        await portal.Get<LapseDigestJob>().RunAsync(Ct);
        await portal.DrainOutboxAsync();

        Assert.DoesNotContain(portal.Mails, sent => sent.Subject.Contains("lapse", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Account_SaysWhatHappensNext()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal, daysLeft: 50);
        var renewals = portal.Get<MyRenewals>();

        var before = (await renewals.GetAsync(ada.Actor, Ct)).Certificates[ada.Certificate.SerialNumber];
        Assert.Equal((false, ada.Certificate.NotAfter.AddDays(-45)), (before.CanRenewAt(portal.Clock.Now), before.NextNoticeAt));
        portal.Clock.Advance(TimeSpan.FromDays(10));
        await renewals.SetMutedAsync(true, ada.Actor, Ct);
        await renewals.SetMutedAsync(true, ada.Actor, Ct);
        var muted = await renewals.GetAsync(ada.Actor, Ct);
        Assert.True(muted.AreMuted && muted.Certificates[ada.Certificate.SerialNumber].CanRenewAt(portal.Clock.Now));
        Assert.Equal(ada.Certificate.NotAfter.AddDays(-3), muted.Certificates[ada.Certificate.SerialNumber].NextNoticeAt);
        await using var db = portal.NewDb();
        Assert.Equal(1, await db.MutedNotices.CountAsync(Ct));
    }
}
