using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Renewal;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.Renewal;

[Trait("Category", "Unit")]
public sealed class DeclineServiceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decline_EndsTheNotices_AndTellsPersonAndOfficer()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        await portal.AddOfficerAsync(ada.Person.Organisation);
        await portal.Get<DeclineService>().DeclineAsync(await ada.LinkAsync("decline"), Actor.Anonymous(), Ct);
        portal.Clock.Advance(TimeSpan.FromDays(20));
        await EndingPerson.RunNightAsync(portal);

        Assert.Single(ada.Notices);
        Assert.Single(portal.Mails, mail => mail.Subject == "You get no more mails about your certificate");
        Assert.Single(portal.Mails, mail => mail.Subject == $"{ada.Actor.Name} does not renew");
        Assert.Equal(ErrorKind.Conflict, (await ada.RefusalAsync(ada.Account, actor: ada.Actor)).Kind);
    }

    [Fact]
    public async Task Undo_WorksForAWhile_AndNoticesGoOn()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        var link = await ada.LinkAsync("decline");
        await portal.Get<DeclineService>().DeclineAsync(link, Actor.Anonymous(), Ct);
        portal.Clock.Advance(TimeSpan.FromDays(13));
        await portal.Get<DeclineService>().UndoAsync(link, Actor.Anonymous(), Ct);
        await EndingPerson.RunNightAsync(portal);

        Assert.Equal(2, ada.Notices.Count);
        Assert.Equal(RenewalOutcome.Renewed, await ada.RenewAsync(ada.Account, actor: ada.Actor));
    }

    [Fact]
    public async Task Undo_IsRefused_WhenItIsTooLateOrThereIsNothing()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal);
        var link = await ada.LinkAsync("decline");
        await RequireRefusedAsync(ErrorKind.Conflict, () => portal.Get<DeclineService>().UndoAsync(link, Actor.Anonymous(), Ct));
        await portal.Get<DeclineService>().DeclineAsync(link, Actor.Anonymous(), Ct);
        portal.Clock.Advance(TimeSpan.FromDays(15));
        await RequireRefusedAsync(ErrorKind.Gone, () => portal.Get<DeclineService>().UndoAsync(link, Actor.Anonymous(), Ct));
    }

    [Fact]
    public async Task Decline_IsRefused_WhenUsedForeignRenewedOrEnded()
    {
        await using var portal = await EndingPerson.StartAsync();
        var bob = await EndingPerson.AddAsync(portal, daysLeft: null);
        var ada = await EndingPerson.AddAsync(portal);
        var decline = portal.Get<DeclineService>();
        var link = await ada.LinkAsync("decline");
        await RequireRefusedAsync(ErrorKind.Forbidden, () => decline.DeclineAsync(link, bob.Actor, Ct));
        await RequireRefusedAsync(ErrorKind.NotFound, () => decline.DeclineAsync(RenewalEntrance.ByLink(ada.Token("renew")), Actor.Anonymous(), Ct));
        await decline.DeclineAsync(link, Actor.Anonymous(), Ct);
        await RequireRefusedAsync(ErrorKind.Conflict, () => decline.DeclineAsync(link, Actor.Anonymous(), Ct));
        await bob.RenewAsync(bob.Account, actor: bob.Actor);
        await RequireRefusedAsync(ErrorKind.Conflict, () => decline.DeclineAsync(bob.Account, bob.Actor, Ct));
    }

    [Fact]
    public async Task Decline_IsRefused_AfterTheEnd()
    {
        await using var portal = await EndingPerson.StartAsync();
        var ada = await EndingPerson.AddAsync(portal, daysLeft: -1);
        await RequireRefusedAsync(ErrorKind.Gone, () => portal.Get<DeclineService>().DeclineAsync(ada.Account, ada.Actor, Ct));
        await using var db = portal.NewDb();
        Assert.Equal(0, await db.CertificateRenewals.CountAsync(Ct));
    }

    private static async Task RequireRefusedAsync(ErrorKind kind, Func<Task> act) => Assert.Equal(kind, (await Assert.ThrowsAsync<ServiceException>(act)).Kind);
}
