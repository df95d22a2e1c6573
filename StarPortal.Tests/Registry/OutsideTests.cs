using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Registry;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;
using StarPortal.Web.Hosting.Status;

namespace StarPortal.Tests.Registry;

/// <summary>What the outside registry is told: each change once, in order, whatever happens to it or to us.</summary>
[Trait("Category", "Unit")]
public sealed class OutsideTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private OutsideServer outside = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => outside = await OutsideServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await outside.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Person_IsToldThroughTheirWholeTime()
    {
        await using var portal = await StartAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await portal.Get<LostDevice>().ReportAsync(null, ada.Actor, Ct);
        await portal.DrainOutboxAsync();
        await portal.Get<RemovalService>().BeginAsync(ada.UserId, "Has left", ada.Officer, Ct);
        await portal.DrainOutboxAsync();
        portal.Clock.Advance(TimeSpan.FromDays(14));
        await portal.Get<RemovalJob>().RunAsync(Ct);
        await portal.DrainOutboxAsync();

        Assert.Equal(["add active 1", "update suspended 2", "update suspended 3", "remuser removed 4"], outside.Done.Select(told => $"{told.Verb} {told.State} {told.Revision}"));
        Assert.All(outside.Done, told => Assert.Equal(ada.UserId.ToString("N"), told.Person));
        await using var db = portal.NewDb();
        Assert.All(await db.Outbox.Where(item => item.Kind == OutsideTelling.Kind).ToListAsync(Ct), item => Assert.Equal((OutboxStatus.Done, ""), (item.Status, item.Payload)));
    }

    [Fact]
    public async Task Body_SaysWhoItIs_AsDocumented()
    {
        await using var portal = await StartAsync();
        var ada = await portal.AddPersonAsync(PortalRole.Subscriber, null, "ada");
        await RegistryScene.EnterAsync(portal, ada, "/O=Grid/CN=Ada");
        await portal.DrainOutboxAsync();

        var body = outside.People[ada.Id!.Value.ToString("N")];
        Assert.Equal(["verb", "person", "user", "dn", "name", "email", "state", "since", "revision"], body.Select(field => field.Key));
        Assert.Equal(("add", "ada", "/O=Grid/CN=Ada", "ada@example.org"), ((string?)body["verb"], (string?)body["user"], (string?)body["dn"], (string?)body["email"]));
    }

    /// <summary>A day and more: nothing is given up, everything comes in order as soon as it serves again, and the status page says so meanwhile.</summary>
    [Theory]
    [InlineData(503)]
    [InlineData(401)]
    public async Task Outage_OfADayAndAHalf_LosesNothing(int status)
    {
        await using var portal = await StartAsync();
        outside.Trouble = status;
        var people = new List<Actor>();
        for (var i = 0; i < 3; i++)
        {
            people.Add(await portal.AddPersonAsync(PortalRole.Subscriber, null, $"person{i}"));
            await RegistryScene.EnterAsync(portal, people[i], $"/O=Grid/CN=Person {i}");
        }

        await DownForAsync(portal, TimeSpan.FromHours(12));
        foreach (var person in people) await RegistryScene.EnterAsync(portal, person, $"/O=Grid/CN={person.Name} renamed");
        await LeaveAsync(portal, people[2]);
        await DownForAsync(portal, TimeSpan.FromHours(24));
        var down = await portal.Get<OutsideProbe>().ReadAsync(Ct);
        Assert.Equal((7, true, TimeSpan.FromHours(36)), (down.Waiting, down.Trouble is not null, portal.Clock.Now - down.Since!.Value));
        Assert.Equal("bad", StatusLines.Of(new PortalStatus(portal.Clock.Now, null, null, null, [], [], null) { Registry = down }, portal.Clock.Now, servesMyProxy: true).Single(line => line.Name == "Outside registry").Kind);

        outside.Trouble = 0;
        await DownForAsync(portal, TimeSpan.FromHours(9)); // It is up: this is how long the longest wait is.

        await using var db = portal.NewDb();
        Assert.Equal(0, await db.Outbox.CountAsync(item => item.Kind == OutsideTelling.Kind && item.Status != OutboxStatus.Done, Ct));
        Assert.Equal(7, outside.Done.Count);
        foreach (var person in outside.Done.GroupBy(told => told.Person)) Assert.Equal(person.Select(told => told.Revision).Order(), person.Select(told => told.Revision));
        Assert.Equal(["/O=Grid/CN=person0 renamed", "/O=Grid/CN=person1 renamed"], outside.People.Values.Select(body => (string?)body["dn"]).Order(StringComparer.Ordinal));
        Assert.Equal("good", StatusLines.Of(new PortalStatus(portal.Clock.Now, null, null, null, [], [], null) { Registry = await portal.Get<OutsideProbe>().ReadAsync(Ct) }, portal.Clock.Now, servesMyProxy: true).Single(line => line.Name == "Outside registry").Kind);
    }

    [Fact]
    public async Task Recovery_BringsAllThatWaitedAtOnce()
    {
        await using var portal = await StartAsync();
        outside.Trouble = 500;
        for (var i = 0; i < 5; i++) await RegistryScene.EnterAsync(portal, await portal.AddPersonAsync(PortalRole.Subscriber, null), $"/O=Grid/CN=Person {i}");
        await DownForAsync(portal, TimeSpan.FromHours(20));
        outside.Trouble = 0;

        await RegistryScene.EnterAsync(portal, await portal.AddPersonAsync(PortalRole.Subscriber, null), "/O=Grid/CN=The next");
        await portal.DrainOutboxAsync();

        Assert.Equal(6, outside.Done.Count);
    }

    /// <summary>What is refused of one person holds nobody else up, but what follows of that person.</summary>
    [Fact]
    public async Task Refusal_OfOnePerson_HoldsUpThatPersonAlone()
    {
        await using var portal = await StartAsync();
        var (ada, bob) = (await portal.AddPersonAsync(PortalRole.Subscriber, null, "ada"), await portal.AddPersonAsync(PortalRole.Subscriber, null, "bob"));
        outside.TroubleFor = ada.Id!.Value.ToString("N");
        await RegistryScene.EnterAsync(portal, ada, "/O=Grid/CN=Ada");
        await RegistryScene.EnterAsync(portal, ada, "/O=Grid/CN=Ada Lovelace");
        await RegistryScene.EnterAsync(portal, bob, "/O=Grid/CN=Bob");
        await portal.DrainOutboxAsync();
        Assert.Equal(["add"], outside.Done.Select(told => told.Verb));

        outside.TroubleFor = null;
        await DownForAsync(portal, TimeSpan.FromMinutes(5));

        Assert.Equal(["add", "add", "update"], outside.Done.Select(told => told.Verb));
        Assert.Equal("/O=Grid/CN=Ada Lovelace", (string?)outside.People[ada.Id.Value.ToString("N")]["dn"]);
    }

    /// <summary>It did the deed, and we died before we knew: told again by the same key, it does nothing.</summary>
    [Fact]
    public async Task Change_ThatIsToldTwice_IsDoneOnce()
    {
        await using var portal = await StartAsync();
        await RegistryScene.EnterAsync(portal, await portal.AddPersonAsync(PortalRole.Subscriber, null), "/O=Grid/CN=Ada");
        await using var db = portal.NewDb();
        var item = await db.Outbox.AsNoTracking().SingleAsync(row => row.Kind == OutsideTelling.Kind, Ct);
        await portal.Get<OutsideRegistry>().TellAsync(item.Key, item.Read<OutsideTelling>(), Ct);

        await portal.DrainOutboxAsync();

        Assert.Equal((1, 2), (outside.Done.Count, outside.Requests));
    }

    [Fact]
    public async Task Comparison_MendsWhatDiffers()
    {
        await using var portal = await StartAsync();
        var people = new List<Actor>();
        for (var i = 0; i < 5; i++)
        {
            people.Add(await portal.AddPersonAsync(PortalRole.Subscriber, null, $"person{i}"));
            await RegistryScene.EnterAsync(portal, people[i], $"/O=Grid/CN=Person {i}");
        }

        await portal.DrainOutboxAsync();
        outside.Forget(people[0].Id!.Value.ToString("N"));
        outside.Put(people[1].Id!.Value.ToString("N"), "person1", "/O=Grid/CN=Somebody else", "active");
        outside.Put("legacy.user", "legacy", "/O=Grid/CN=Legacy", "active");

        Assert.Equal("5 people here, 5 there: 1 missing, 1 different, 1 unknown", await portal.Get<ReconcileJob>().RunAsync(Ct));
        var view = await portal.Get<OutsideDesk>().ReadAsync(1, await portal.AddAdministratorAsync(), Ct);
        Assert.Equal([DivergenceKind.Unknown, DivergenceKind.Missing, DivergenceKind.Different], view.Divergences.Select(row => row.Kind));
        await portal.DrainOutboxAsync();

        Assert.Equal(people.Select((person, i) => (person.Id!.Value.ToString("N"), $"/O=Grid/CN=Person {i}")).Order(), outside.People.Select(pair => (pair.Key, (string)pair.Value["dn"]!)).Order());
        Assert.Equal("5 people here, 5 there: 0 missing, 0 different, 0 unknown", await portal.Get<ReconcileJob>().RunAsync(Ct));
    }

    [Fact]
    public async Task Comparison_RemovesNoMoreThanItMay_UntilAnAdministratorHasLooked()
    {
        await using var portal = await StartAsync(("Registry:Outside:MaxRemovals", "2"));
        var administrator = await portal.AddAdministratorAsync();
        foreach (var name in (string[])["a", "b", "c"]) outside.Put(name, name, $"/O=Grid/CN={name}", "active");
        Assert.EndsWith("3 unknown, which wait for an administrator", await portal.Get<ReconcileJob>().RunAsync(Ct), StringComparison.Ordinal);
        await portal.DrainOutboxAsync();
        Assert.Empty(outside.Done);
        Assert.Equal(3, (await portal.Get<OutsideProbe>().ReadAsync(Ct)).Held);

        var desk = portal.Get<OutsideDesk>();
        var held = (await desk.ReadAsync(1, administrator, Ct)).Last!;
        await desk.ApproveRemovalsAsync(held.Id, administrator, Ct);
        await AccountSupport.RefusedAsync(() => desk.ApproveRemovalsAsync(held.Id, administrator, Ct), ErrorKind.Conflict);
        await AccountSupport.RefusedAsync(() => desk.ApproveRemovalsAsync(Guid.NewGuid(), administrator, Ct), ErrorKind.Conflict);
        await portal.DrainOutboxAsync();

        Assert.Empty(outside.People);
        Assert.Equal(["a", "b", "c"], outside.Done.Select(told => told.Person).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Comparison_LeavesAlone_WhatIsOnItsWay()
    {
        await using var portal = await StartAsync();
        await RegistryScene.EnterAsync(portal, await portal.AddPersonAsync(PortalRole.Subscriber, null), "/O=Grid/CN=Ada");

        Assert.Equal("1 people here, 0 there: 0 missing, 0 different, 0 unknown", await portal.Get<ReconcileJob>().RunAsync(Ct));
    }

    [Fact]
    public async Task Comparison_FailsClearly_WhenThereIsNoList()
    {
        await using var portal = await StartAsync();
        outside.Trouble = 503;

        Assert.Contains("503", (await Assert.ThrowsAsync<ServiceException>(() => portal.Get<ReconcileJob>().RunAsync(Ct))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_IsKeptForAnOutsideRegistry_WhereThereIsNone()
    {
        await using var portal = await TestPortal.StartAsync();
        await RegistryScene.EnterAsync(portal, await portal.AddPersonAsync(PortalRole.Subscriber, null), "/O=Grid/CN=Ada");
        await using var db = portal.NewDb();
        Assert.Equal(0, await db.Outbox.CountAsync(Ct));
        Assert.Equal("no outside registry", await portal.Get<ReconcileJob>().RunAsync(Ct));
    }

    /// <summary>By the guard of validations: an address of the house only where that is allowed.</summary>
    [Fact]
    public async Task Connection_IsRefused_ToAnAddressThatIsNotPermitted()
    {
        await using var portal = await StartAsync(("Registry:Outside:AllowPrivateAddresses", "false"));
        await RegistryScene.EnterAsync(portal, await portal.AddPersonAsync(PortalRole.Subscriber, null), "/O=Grid/CN=Ada");
        await portal.DrainOutboxAsync();

        Assert.Equal(0, outside.Requests);
        Assert.Contains("public addresses only", (await portal.Get<OutsideProbe>().ReadAsync(Ct)).Trouble, StringComparison.Ordinal);
    }

    private async Task<TestPortal> StartAsync(params (string Name, string Value)[] more)
    {
        var settings = outside.Settings(folder);
        settings["Authority:Profiles:person:PortalKey"] = "EcdsaP256";
        settings["MyProxy:RefusalDelay"] = "00:00:00";
        foreach (var (name, value) in more) settings[name] = value;
        var portal = await TestPortal.StartAsync(settings, services: new CountingHasher().Replace);
        outside.Clock = portal.Clock;
        return portal;
    }

    /// <summary>The dispatcher comes by every few minutes of that time.</summary>
    private static async Task DownForAsync(TestPortal portal, TimeSpan time)
    {
        for (var end = portal.Clock.Now + time; portal.Clock.Now < end; portal.Clock.Advance(TimeSpan.FromMinutes(15))) await portal.DrainOutboxAsync();
        await portal.DrainOutboxAsync();
    }

    private static async Task LeaveAsync(TestPortal portal, Actor person)
    {
        await using var db = portal.NewDb();
        await portal.Get<RegistryMembership>().LeaveAsync(db, person.Id!.Value, Actor.System("test"), Ct);
        await db.SaveChangesAsync(Ct);
    }
}
