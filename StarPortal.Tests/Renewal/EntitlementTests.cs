using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Renewal;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Renewal;

[Trait("Category", "Unit")]
public sealed class EntitlementTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Renew_WaitsForTheOfficer_WhenNobodyHasSaidSoForLong()
    {
        await using var portal = await EndingPerson.StartAsync(("Renewal:EntitlementInterval", "100.00:00:00"));
        var ada = await EndingPerson.AddAsync(portal);
        var officer = await portal.AddOfficerAsync(ada.Person.Organisation);
        var link = await ada.LinkAsync();
        Assert.Equal(RenewalOutcome.OfficerAsked, await ada.RenewAsync(link));
        Assert.Equal(RenewalOutcome.OfficerAsked, await ada.RenewAsync(link));
        await portal.DrainOutboxAsync();
        Assert.Single(portal.Mails, mail => mail.Subject == $"Is {ada.Actor.Name} one of yours?");

        await portal.Get<EntitlementDesk>().AnswerAsync([ada.Actor.Id!.Value], areOurs: true, officer, Ct);
        await portal.DrainOutboxAsync();
        var token = portal.Mails.Single(mail => mail.Subject == "You can renew your certificate now").LinkTo("/renew/").Segments[^1];
        Assert.Equal(RenewalOutcome.Renewed, await ada.RenewAsync(RenewalEntrance.ByLink(token)));
    }

    [Fact]
    public async Task Renew_IsRefused_WhenTheOfficerSaidNo()
    {
        await using var portal = await EndingPerson.StartAsync(("Renewal:EntitlementInterval", "100.00:00:00"));
        var ada = await EndingPerson.AddAsync(portal);
        await portal.Get<EntitlementDesk>().AnswerAsync([ada.Actor.Id!.Value], areOurs: false, await portal.AddOfficerAsync(ada.Person.Organisation), Ct);
        Assert.Equal(RenewalErrors.NotEntitled().Message, (await ada.RefusalAsync(ada.Account, actor: ada.Actor)).Message);
    }

    [Fact]
    public async Task Person_IsTold_WhenAnOfficerSaysNo()
    {
        await using var portal = await EndingPerson.StartAsync(("Renewal:EntitlementInterval", "100.00:00:00"));
        var ada = await EndingPerson.AddAsync(portal);
        await portal.Get<EntitlementDesk>().AnswerAsync([ada.Actor.Id!.Value], areOurs: false, await portal.AddOfficerAsync(ada.Person.Organisation), Ct);
        await portal.DrainOutboxAsync();

        var mail = Assert.Single(portal.Mails, mail => mail.Subject == $"An officer has said that you are not one of {ada.Person.Organisation.Name}");
        Assert.Contains(ada.Email, mail.To, StringComparison.Ordinal);
        Assert.Contains("not renewed any more", mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Desk_AsksInTime_AboutPeopleOfTheOwnOrganisation()
    {
        await using var portal = await EndingPerson.StartAsync(("Renewal:EntitlementInterval", "100.00:00:00"), ("Renewal:EntitlementNotice", "30.00:00:00"));
        var ada = await EndingPerson.AddAsync(portal, daysLeft: null);
        var (own, other) = (await portal.AddOfficerAsync(ada.Person.Organisation), await portal.AddOfficerAsync(await portal.AddOrganisationAsync("Other Lab")));
        var desk = portal.Get<EntitlementDesk>();

        portal.Clock.Advance(TimeSpan.FromDays(69));
        Assert.Equal(0, (await desk.ReadAsync(own, Ct)).Total);
        portal.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(ada.Actor.Id, Assert.Single((await desk.ReadAsync(own, Ct)).Rows).UserId);
        Assert.Empty((await desk.ReadAsync(other, Ct)).Rows);
        await desk.AnswerAsync([ada.Actor.Id!.Value], areOurs: true, own, Ct);
        Assert.Empty((await desk.ReadAsync(own, Ct)).Rows);
    }

    [Fact]
    public async Task Desk_RefusesTheWholeAnswer_WhenSomebodyIsNotTheOfficers()
    {
        await using var portal = await EndingPerson.StartAsync(("Renewal:EntitlementInterval", "100.00:00:00"));
        var (ada, bob) = (await EndingPerson.AddAsync(portal, daysLeft: null), await EndingPerson.AddAsync(portal));
        var officer = await portal.AddOfficerAsync(ada.Person.Organisation);
        var desk = portal.Get<EntitlementDesk>();

        await RequireRefusedAsync(ErrorKind.NotFound, () => desk.AnswerAsync([ada.Actor.Id!.Value, bob.Actor.Id!.Value], areOurs: true, officer, Ct));
        await RequireRefusedAsync(ErrorKind.Invalid, () => desk.AnswerAsync([], areOurs: true, officer, Ct));
        await RequireRefusedAsync(ErrorKind.Forbidden, () => desk.AnswerAsync([officer.Id!.Value], areOurs: true, officer, Ct));
        await RequireRefusedAsync(ErrorKind.Forbidden, () => desk.AnswerAsync([ada.Actor.Id!.Value], areOurs: true, ada.Actor, Ct));
        await RequireRefusedAsync(ErrorKind.Forbidden, () => desk.AnswerAsync([ada.Actor.Id!.Value], areOurs: true, officer with { HasSecondFactor = false }, Ct));
        await using var db = portal.NewDb();
        Assert.Equal(0, await db.Entitlements.CountAsync(Ct));
    }

    private static async Task RequireRefusedAsync(ErrorKind kind, Func<Task> act) => Assert.Equal(kind, (await Assert.ThrowsAsync<ServiceException>(act)).Kind);
}
