using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Mail;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Registry;

/// <summary>Who may use what, as which account, until when; and who decides.</summary>
[Trait("Category", "Unit")]
public sealed class AccessTests
{
    private static readonly PermissionTerms Usual = new(null, null);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_IsGrantedByTheOwner_AndCounts()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal);
        var ada = await scene.AddPersonAsync("ada");
        var request = await portal.Get<AccessRequests>().AskAsync(scene.Resource.Id, " My thesis ", ada, Ct);
        Assert.Equal(1, await portal.Get<MyAccess>().CountWaitingAsync(scene.Owner, Ct));

        await scene.Desk.GrantRequestAsync(request.Id, new("lovelace", null), scene.Owner, Ct);

        Assert.Equal(["lovelace"], Assert.Single(await scene.AllowedAsync()).Accounts);
        var mine = (await portal.Get<MyAccess>().ReadAsync(ada, Ct)).Resources.Single();
        Assert.Equal(("lovelace", AccessRequestStatus.Granted), (mine.Account, mine.Request!.Status));
        await using var db = portal.NewDb();
        var record = await db.AuditRecords.SingleAsync(row => row.Action == AuditAction.AccessGranted, Ct);
        Assert.Equal((scene.Owner.Name, "cluster: ada as lovelace"), (record.ActorName, record.Detail));
    }

    /// <summary>One mail as long as anything waits, however many ask; whoever asked hears of the answer.</summary>
    [Fact]
    public async Task Owners_AreMailedOnce_AndWhoeverAskedIsAnswered()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal);
        var (ada, eve) = (await scene.AddPersonAsync("ada"), await scene.AddPersonAsync("eve"));
        var first = await portal.Get<AccessRequests>().AskAsync(scene.Resource.Id, "My thesis", ada, Ct);
        var second = await portal.Get<AccessRequests>().AskAsync(scene.Resource.Id, "Mine, too", eve, Ct);
        await scene.Desk.GrantRequestAsync(first.Id, Usual, scene.Owner, Ct);
        await scene.Desk.RefuseAsync(second.Id, "No room", scene.Owner, Ct);
        var third = await portal.Get<AccessRequests>().AskAsync(scene.Resource.Id, "Please", eve, Ct);
        for (var i = 0; i < 3; i++)
        {
            await portal.Get<AccessRequests>().WithdrawAsync(third.Id, eve, Ct);
            third = await portal.Get<AccessRequests>().AskAsync(scene.Resource.Id, "Please, please", eve, Ct);
        }

        await using var db = portal.NewDb();
        var asked = await db.OutgoingMails.Where(mail => mail.Subject.Contains(" asks to use cluster")).ToListAsync(Ct);
        Assert.Equal(2, asked.Count);
        Assert.Single(asked.Select(mail => mail.Recipient).Distinct(StringComparer.Ordinal));
        Assert.Equal(1, await db.OutgoingMails.CountAsync(mail => mail.Subject == "You may use cluster", Ct));
        Assert.Equal(1, await db.OutgoingMails.CountAsync(mail => mail.Subject == "No access to cluster", Ct));
    }

    [Fact]
    public async Task Request_IsRefusedWithAReason_AndMayBeMadeAgain()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal);
        var ada = await scene.AddPersonAsync("ada");
        var request = await portal.Get<AccessRequests>().AskAsync(scene.Resource.Id, "Why not", ada, Ct);
        Assert.Equal("Answer", (await AccountSupport.RefusedAsync(() => scene.Desk.RefuseAsync(request.Id, " ", scene.Owner, Ct), ErrorKind.Invalid)).Field);

        await scene.Desk.RefuseAsync(request.Id, "No room", scene.Owner, Ct);

        Assert.Equal("No room", (await portal.Get<MyAccess>().ReadAsync(ada, Ct)).Resources.Single().Request!.Answer);
        await AccountSupport.RefusedAsync(() => scene.Desk.GrantRequestAsync(request.Id, Usual, scene.Owner, Ct), ErrorKind.Conflict);
        await portal.Get<AccessRequests>().AskAsync(scene.Resource.Id, "Please", ada, Ct);
        Assert.Empty(await scene.AllowedAsync());
    }

    [Fact]
    public async Task Request_IsMadeOnce_WithdrawnByWhoMadeIt_AndLapses()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal);
        var (ada, bob, requests) = (await scene.AddPersonAsync("ada"), await scene.AddPersonAsync("bob"), portal.Get<AccessRequests>());
        var request = await requests.AskAsync(scene.Resource.Id, "x", ada, Ct);
        await AccountSupport.RefusedAsync(() => requests.AskAsync(scene.Resource.Id, "x", ada, Ct), ErrorKind.Conflict);
        await AccountSupport.RefusedAsync(() => requests.WithdrawAsync(request.Id, bob, Ct), ErrorKind.NotFound);

        await requests.WithdrawAsync(request.Id, ada, Ct);
        await requests.AskAsync(scene.Resource.Id, "again", ada, Ct);
        portal.Clock.Advance(TimeSpan.FromDays(30));
        await portal.Get<RegistryUpkeepJob>().RunAsync(Ct);

        Assert.Equal(AccessRequestStatus.Lapsed, (await portal.Get<MyAccess>().ReadAsync(ada, Ct)).Resources.Single().Request!.Status);
    }

    [Fact]
    public async Task Permission_CountsUntilItsEnd_AndNotWhileSuspended()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal);
        var ada = await scene.AllowAsync("ada", until: portal.Clock.Now + TimeSpan.FromDays(2));
        var bob = await scene.AllowAsync("bob");

        await SuspendAsync(portal, bob);
        Assert.Equal([ada.Id!.Value], (await scene.AllowedAsync()).Select(person => person.UserId));
        portal.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Empty(await scene.AllowedAsync());

        await portal.Get<RegistryUpkeepJob>().RunAsync(Ct);
        await scene.Desk.GrantAsync(scene.Resource.Id, "ada", Usual, scene.Owner, Ct);
        Assert.Equal([ada.Id!.Value], (await scene.AllowedAsync()).Select(person => person.UserId));
    }

    [Fact]
    public async Task Group_LetsItsMembersIn_AsLongAsTheyAreInIt()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal, sharedAccount: "fusion");
        var ada = await scene.AllowAsync("ada", account: "lovelace");
        var bob = await scene.AddPersonAsync("bob");
        var group = await scene.AddGroupAsync("campaign", "ada", "bob");
        await scene.Desk.GrantGroupAsync(scene.Resource.Id, group.Id, Usual, scene.Owner, Ct);

        Assert.Equal(["lovelace,fusion", "fusion"], (await scene.AllowedAsync()).Select(person => string.Join(',', person.Accounts)));
        await portal.Get<GroupService>().RemoveMemberAsync(group.Id, ada.Id!.Value, scene.Owner, Ct);
        Assert.Equal(["lovelace", "fusion"], (await scene.AllowedAsync()).Select(person => string.Join(',', person.Accounts)));
        await portal.Get<GroupService>().RemoveAsync(group.Id, scene.Owner, Ct);
        Assert.DoesNotContain(await scene.AllowedAsync(), person => person.UserId == bob.Id);
    }

    [Fact]
    public async Task Grant_Again_ChangesTheTerms()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal);
        await scene.AllowAsync("ada", account: "first");
        await scene.Desk.GrantAsync(scene.Resource.Id, "ADA", new("second", null), scene.Owner, Ct);

        Assert.Equal(["second"], Assert.Single(await scene.AllowedAsync()).Accounts);
        var details = await portal.Get<ResourceReader>().GetAsync(scene.Resource.Id, 1, scene.Owner, Ct);
        await scene.Desk.RevokeAsync(Assert.Single(details.Permissions).Id, scene.Owner, Ct);
        Assert.Empty(await scene.AllowedAsync());
        await AccountSupport.RefusedAsync(() => scene.Desk.RevokeAsync(details.Permissions[0].Id, scene.Owner, Ct), ErrorKind.Conflict);
    }

    [Theory]
    [InlineData("root")]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("1a")]
    [InlineData("ä")]
    [InlineData("a\nb")]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456")]
    public async Task Account_HasToBeOne(string account)
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal);
        await scene.AddPersonAsync("ada");
        Assert.Equal("Account", (await AccountSupport.RefusedAsync(() => scene.Desk.GrantAsync(scene.Resource.Id, "ada", new(account, null), scene.Owner, Ct), ErrorKind.Invalid)).Field);
    }

    [Fact]
    public async Task Terms_AndNamesThatAreNone_AreRefusedBesideTheirField()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal);
        await scene.AddPersonAsync("ada");
        var (id, resources) = (scene.Resource.Id, portal.Get<ResourceService>());
        Assert.Equal("Until", (await AccountSupport.RefusedAsync(() => scene.Desk.GrantAsync(id, "ada", new(null, portal.Clock.Now), scene.Owner, Ct), ErrorKind.Invalid)).Field);
        Assert.Equal("Person", (await AccountSupport.RefusedAsync(() => scene.Desk.GrantAsync(id, "nobody-here", Usual, scene.Owner, Ct), ErrorKind.Invalid)).Field);
        Assert.Equal("Group", (await AccountSupport.RefusedAsync(() => scene.Desk.GrantGroupAsync(id, Guid.NewGuid(), Usual, scene.Owner, Ct), ErrorKind.Invalid)).Field);
        Assert.Equal("Name", (await AccountSupport.RefusedAsync(() => resources.CreateAsync(new("cluster", "", false, null), "ada", scene.Administrator, Ct), ErrorKind.Invalid)).Field);
        Assert.Equal("Name", (await AccountSupport.RefusedAsync(() => resources.CreateAsync(new("../etc", "", false, null), "ada", scene.Administrator, Ct), ErrorKind.Invalid)).Field);
        Assert.Equal("Owner", (await AccountSupport.RefusedAsync(() => resources.CreateAsync(new("other", "", false, null), "nobody-here", scene.Administrator, Ct), ErrorKind.Invalid)).Field);
        Assert.Equal("SharedAccount", (await AccountSupport.RefusedAsync(() => resources.CreateAsync(new("other", "", false, "root"), "ada", scene.Administrator, Ct), ErrorKind.Invalid)).Field);
        await AccountSupport.RefusedAsync(() => resources.RemoveOwnerAsync(id, scene.Owner.Id!.Value, scene.Administrator, Ct), ErrorKind.Conflict);
    }

    /// <summary>Owners are ordinary people: they don't try lists of names.</summary>
    [Fact]
    public async Task WrongNames_AreCounted()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal);
        for (var i = 0; i < 20; i++) await AccountSupport.RefusedAsync(() => scene.Desk.GrantAsync(scene.Resource.Id, $"guess{i}", Usual, scene.Owner, Ct), ErrorKind.Invalid);
        await AccountSupport.RefusedAsync(() => scene.Desk.GrantAsync(scene.Resource.Id, "guess", Usual, scene.Owner, Ct), ErrorKind.TooMany);
        await AccountSupport.RefusedAsync(() => scene.Desk.GrantAsync(scene.Resource.Id, "guess", Usual, scene.Administrator, Ct), ErrorKind.Invalid);
    }

    /// <summary>For everybody but its owners, and administrators with a second factor, nothing of a resource exists.</summary>
    [Fact]
    public async Task EveryId_IsAuthorized()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal);
        var ada = await scene.AllowAsync("ada");
        var request = await portal.Get<AccessRequests>().AskAsync(scene.Resource.Id, "x", await scene.AddPersonAsync("bob"), Ct);
        var group = await scene.AddGroupAsync("campaign", "ada");
        await portal.Get<TokenService>().AddAsync(scene.Resource.Id, "login1", scene.Owner, Ct);
        var details = await portal.Get<ResourceReader>().GetAsync(scene.Resource.Id, 1, scene.Owner, Ct);
        var elsewhere = await RegistryScene.CreateAsync(portal, "elsewhere");

        foreach (var (stranger, kind) in new[] { (ada, ErrorKind.NotFound), (elsewhere.Owner, ErrorKind.NotFound), (scene.Administrator with { HasSecondFactor = false }, ErrorKind.NotFound), (Actor.Anonymous(), ErrorKind.Unauthenticated) })
        {
            await RequireRefusedAsync(stranger, kind);
        }

        foreach (var deed in (Func<Task>[])
            [
                () => portal.Get<ResourceService>().CreateAsync(new("third", "", false, null), "ada", scene.Owner, Ct),
                () => portal.Get<ResourceService>().ChangeAsync(scene.Resource.Id, new("", "mine", false, null), scene.Owner, Ct),
                () => portal.Get<ResourceService>().AddOwnerAsync(scene.Resource.Id, "ada", scene.Owner, Ct),
                () => portal.Get<ResourceService>().RemoveOwnerAsync(scene.Resource.Id, scene.Owner.Id!.Value, scene.Owner, Ct),
                () => portal.Get<ResourceService>().CloseAsync(scene.Resource.Id, scene.Owner, Ct),
                () => portal.Get<GroupService>().CreateAsync("other", null, ada, Ct),
                () => portal.Get<EntrySearch>().FindAsync(null, null, 1, scene.Owner, Ct),
                () => portal.Get<ResourceReader>().ListAsync(scene.Owner, Ct),
                () => portal.Get<OutsideDesk>().ReadAsync(1, scene.Owner, Ct),
                () => portal.Get<OutsideDesk>().CompareAsync(scene.Owner, Ct),
                () => portal.Get<OutsideDesk>().ApproveRemovalsAsync(Guid.NewGuid(), scene.Owner, Ct),
            ]) await AccountSupport.RefusedAsync(deed, ErrorKind.Forbidden);

        async Task RequireRefusedAsync(Actor stranger, ErrorKind kind)
        {
            foreach (var deed in (Func<Task>[])
                [
                    () => portal.Get<ResourceReader>().GetAsync(scene.Resource.Id, 1, stranger, Ct),
                    () => scene.Desk.GrantAsync(scene.Resource.Id, "ada", Usual, stranger, Ct),
                    () => scene.Desk.GrantGroupAsync(scene.Resource.Id, group.Id, Usual, stranger, Ct),
                    () => scene.Desk.GrantRequestAsync(request.Id, Usual, stranger, Ct),
                    () => scene.Desk.RefuseAsync(request.Id, "No", stranger, Ct),
                    () => scene.Desk.RevokeAsync(details.Permissions[0].Id, stranger, Ct),
                    () => portal.Get<TokenService>().AddAsync(scene.Resource.Id, "x", stranger, Ct),
                    () => portal.Get<TokenService>().RevokeAsync(details.Tokens[0].Id, stranger, Ct),
                    () => portal.Get<GroupReader>().GetAsync(group.Id, 1, stranger, Ct),
                    () => portal.Get<GroupService>().AddMemberAsync(group.Id, "bob", stranger, Ct),
                    () => portal.Get<GroupService>().RemoveMemberAsync(group.Id, ada.Id!.Value, stranger, Ct),
                    () => portal.Get<GroupService>().RemoveAsync(group.Id, stranger, Ct),
                    () => portal.Get<AccessRequests>().WithdrawAsync(request.Id, stranger, Ct),
                ]) await AccountSupport.RefusedAsync(deed, kind);
        }
    }

    [Fact]
    public async Task ClosedResource_LetsNobodyIn_AndRefusesWhoWaits()
    {
        await using var portal = await TestPortal.StartAsync();
        var scene = await RegistryScene.CreateAsync(portal);
        var bob = await scene.AddPersonAsync("bob");
        await portal.Get<AccessRequests>().AskAsync(scene.Resource.Id, "x", bob, Ct);

        await portal.Get<ResourceService>().CloseAsync(scene.Resource.Id, scene.Administrator, Ct);

        await AccountSupport.RefusedAsync(() => scene.Desk.GrantAsync(scene.Resource.Id, "bob", Usual, scene.Owner, Ct), ErrorKind.Conflict);
        await AccountSupport.RefusedAsync(() => portal.Get<AccessRequests>().AskAsync(scene.Resource.Id, "x", bob, Ct), ErrorKind.NotFound);
        await AccountSupport.RefusedAsync(() => portal.Get<ResourceService>().CloseAsync(scene.Resource.Id, scene.Administrator, Ct), ErrorKind.Conflict);
        await using var db = portal.NewDb();
        Assert.Equal(AccessRequestStatus.Refused, (await db.AccessRequests.SingleAsync(Ct)).Status);
    }

    private static async Task SuspendAsync(TestPortal portal, Actor person)
    {
        await using var db = portal.NewDb();
        await portal.Get<RegistryMembership>().SuspendAsync(db, await db.Users.SingleAsync(user => user.Id == person.Id, Ct), SuspensionCause.LostDevice, person, Ct);
        await db.SaveChangesAsync(Ct);
    }
}
