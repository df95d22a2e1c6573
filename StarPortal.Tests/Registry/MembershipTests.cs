using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Audit;
using StarPortal.Core.Registry;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Approval;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Renewal;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Registry;

/// <summary>People come in with their certificate, are suspended when something is lost or a removal begins, and leave at its end.</summary>
[Trait("Category", "Unit")]
public sealed class MembershipTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Person_EntersWithTheCertificate_AsGridToolsWriteTheName()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        var entry = await RegistryScene.EntryAsync(portal, ada.UserId);

        Assert.Equal((RegistryEntryState.Active, ada.UserName, 1), (entry.State, entry.UserName, entry.Revision));
        Assert.Matches("^/DC=org/DC=starportal/.*CN=", entry.Dn);
        await RequireAuditAsync(portal, ada.UserId, AuditAction.RegistryEntered);
    }

    [Fact]
    public async Task Renewal_ChangesNothing_WhenThePersonIsAsBefore()
    {
        await using var portal = await EndingPerson.StartAsync();
        var person = await EndingPerson.AddAsync(portal);
        await person.RenewAsync(person.Account, actor: person.Actor);
        var entry = await RegistryScene.EntryAsync(portal, person.Actor.Id!.Value);
        Assert.Equal(1, entry.Revision); // This one was not in it: the renewal entered them.

        await RegistryScene.EnterAsync(portal, person.Actor, entry.Dn);

        Assert.Equal(1, (await RegistryScene.EntryAsync(portal, person.Actor.Id!.Value)).Revision);
        await RequireAuditAsync(portal, person.Actor.Id!.Value, AuditAction.RegistryEntered);
    }

    [Fact]
    public async Task LostDevice_Suspends_UntilTheReplacementIsIssued()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        var reported = await portal.Get<LostDevice>().ReportAsync(SettledPerson.Passphrase, ada.Actor, Ct);
        Assert.Equal(RegistryEntryState.Suspended, (await RegistryScene.EntryAsync(portal, ada.UserId)).State);
        await portal.Get<ApprovalService>().ApproveAsync(reported.ReplacementId!.Value, [], ada.Officer, Ct);
        await portal.DrainOutboxAsync();

        Assert.Equal(RegistryEntryState.Active, (await RegistryScene.EntryAsync(portal, ada.UserId)).State);
        await RequireAuditAsync(portal, ada.UserId, AuditAction.RegistryEntered, AuditAction.RegistrySuspended, AuditAction.RegistryResumed);
    }

    [Fact]
    public async Task Removal_SuspendsAtOnce_AndComesBackWhenUndone()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        var removal = await portal.Get<RemovalService>().BeginAsync(ada.UserId, "Has left", ada.Officer, Ct);
        Assert.Equal(RegistryEntryState.Suspended, (await RegistryScene.EntryAsync(portal, ada.UserId)).State);
        await portal.Get<RemovalService>().UndoAsync(removal.Id, ada.Officer, Ct);

        Assert.Equal(RegistryEntryState.Active, (await RegistryScene.EntryAsync(portal, ada.UserId)).State);
    }

    [Fact]
    public async Task Removal_EndsTheEntry_AndWhatThePersonMightUse_AndForgetsItLater()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var scene = await RegistryScene.CreateAsync(portal);
        await scene.Desk.GrantAsync(scene.Resource.Id, ada.UserName, new(null, null), scene.Owner, Ct);
        await portal.Get<RemovalService>().BeginAsync(ada.UserId, "Has left", ada.Officer, Ct);
        Assert.Empty(await scene.AllowedAsync());
        portal.Clock.Advance(TimeSpan.FromDays(14));

        await portal.Get<RemovalJob>().RunAsync(Ct);

        var entry = await RegistryScene.EntryAsync(portal, ada.UserId);
        Assert.Equal((RegistryEntryState.Removed, "", ""), (entry.State, entry.FullName, entry.Email));
        await using var db = portal.NewDb();
        Assert.Equal(0, await db.AccessGrants.CountAsync(Ct));
        portal.Clock.Advance(TimeSpan.FromDays(91));
        await portal.Get<RegistryUpkeepJob>().RunAsync(Ct);
        Assert.Equal(0, await db.RegistryEntries.CountAsync(known => known.UserId == ada.UserId, Ct));
    }

    /// <summary>What is approved already is issued in the next moment: it lets nobody in who is being removed.</summary>
    [Fact]
    public async Task Certificate_ThatComesDuringARemoval_DoesNotLetIn()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var lab = await portal.AddOrganisationAsync("Lab");
        var officer = await portal.AddOfficerAsync(lab);
        var request = await Queued.AddWithPortalKeyAsync(portal, lab);
        await portal.Get<ApprovalService>().ApproveAsync(request.Id, [], officer, Ct);
        var removal = await portal.Get<RemovalService>().BeginAsync(request.UserId, "Has left", officer, Ct);

        await portal.DrainOutboxAsync();

        var entry = await RegistryScene.EntryAsync(portal, request.UserId);
        Assert.Equal((RegistryEntryState.Suspended, true), (entry.State, entry.IsEntered));
        await portal.Get<RemovalService>().UndoAsync(removal.Id, officer, Ct);
        Assert.Equal(RegistryEntryState.Active, (await RegistryScene.EntryAsync(portal, request.UserId)).State);
    }

    [Fact]
    public async Task Removal_OfSomebodyWithoutACertificate_LeavesNothingBehind()
    {
        await using var portal = await TestPortal.StartAsync();
        var lab = await portal.AddOrganisationAsync("Lab");
        var (officer, person) = (await portal.AddOfficerAsync(lab), await portal.AddPersonAsync(PortalRole.Subscriber, lab));
        var removal = await portal.Get<RemovalService>().BeginAsync(person.Id!.Value, "A mistake", officer, Ct);

        await portal.Get<RemovalService>().UndoAsync(removal.Id, officer, Ct);

        await using var db = portal.NewDb();
        Assert.Equal(0, await db.RegistryEntries.CountAsync(Ct));
        Assert.Equal(0, await db.Outbox.CountAsync(item => item.Kind == OutsideTelling.Kind, Ct));
    }

    [Fact]
    public async Task Deeds_OfBothCauses_AreLiftedEachByItself()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await portal.Get<LostDevice>().ReportAsync(null, ada.Actor, Ct);
        var removal = await portal.Get<RemovalService>().BeginAsync(ada.UserId, "Has left", ada.Officer, Ct);

        await portal.Get<RemovalService>().UndoAsync(removal.Id, ada.Officer, Ct);

        var entry = await RegistryScene.EntryAsync(portal, ada.UserId);
        Assert.Equal((RegistryEntryState.Suspended, true, true), (entry.State, entry.LostAt is not null, entry.RemovalAt is null));
    }

    /// <summary>Those who were certified before there was a registry here.</summary>
    [Fact]
    public async Task Upkeep_EntersWhoHasAValidCertificate()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var (ada, bob) = (await SettledPerson.AddAsync(portal), await SettledPerson.AddAsync(portal));
        await portal.Get<LostDevice>().ReportAsync(null, bob.Actor, Ct);
        var before = (await RegistryScene.EntryAsync(portal, ada.UserId)).Dn;
        await using (var db = portal.NewDb()) await db.RegistryEntries.ExecuteDeleteAsync(Ct);

        var said = await portal.Get<RegistryUpkeepJob>().RunAsync(Ct);

        Assert.StartsWith("1 people entered", said, StringComparison.Ordinal);
        Assert.Equal(before, (await RegistryScene.EntryAsync(portal, ada.UserId)).Dn);
        Assert.StartsWith("0 people entered", await portal.Get<RegistryUpkeepJob>().RunAsync(Ct), StringComparison.Ordinal);
    }

    private static async Task RequireAuditAsync(TestPortal portal, Guid userId, params AuditAction[] expected)
    {
        await using var db = portal.NewDb();
        var found = await db.AuditRecords.Where(record => record.ObjectId == userId.ToString()).OrderBy(record => record.Sequence).Select(record => record.Action).ToListAsync(Ct);
        Assert.Equal(expected, found.Where(action => action is AuditAction.RegistryEntered or AuditAction.RegistryUpdated or AuditAction.RegistrySuspended or AuditAction.RegistryResumed or AuditAction.RegistryLeft));
    }
}
