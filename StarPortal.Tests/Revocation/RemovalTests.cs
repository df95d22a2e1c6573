using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Credentials;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Revocation;

[Trait("Category", "Unit")]
public sealed class RemovalTests
{
    private static readonly (bool, bool, bool) Everything = (true, true, true);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Removal_LocksSignInAndMyProxyAtOnce_AndRevokesNothingYet()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var session = await portal.OpenSessionAsync(await portal.ReloadAsync(ada.UserId));

        await BeginAsync(ada, ada.Officer);
        await portal.DrainOutboxAsync();

        Assert.Equal((false, true, false), await ada.OpensAsync(SettledPerson.Passphrase));
        Assert.False(Assert.Single(await ada.CertificatesAsync()).IsRevoked);
        Assert.Contains("Has left", portal.Mails.Single(mail => mail.Subject == "Your account is being removed").Text, StringComparison.Ordinal);
        Assert.Null((await portal.Get<Actors>().ResolveAsync(session, null, Ct)).Id);
    }

    [Fact]
    public async Task Removal_IsUndone_WithinItsGrace()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var removal = await BeginAsync(ada, ada.Officer);
        portal.Clock.Advance(TimeSpan.FromDays(13));

        await portal.Get<RemovalService>().UndoAsync(removal.Id, ada.Officer, Ct);
        portal.Clock.Advance(TimeSpan.FromDays(2));
        await portal.Get<RemovalJob>().RunAsync(Ct);

        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.Passphrase));
    }

    [Fact]
    public async Task Removal_RevokesAndDeletes_WhenItsGraceIsOver()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await BeginAsync(ada, ada.Officer);
        await portal.DrainOutboxAsync();
        portal.Clock.Advance(TimeSpan.FromDays(14));

        Assert.Equal("1 people removed", await portal.Get<RemovalJob>().RunAsync(Ct));

        await RequireGoneAsync(ada);
        Assert.Equal("0 people removed", await portal.Get<RemovalJob>().RunAsync(Ct));
    }

    [Fact]
    public async Task Removal_IsCarriedOutWholeOrNotAtAll_AndGoesOnInTheNextRun()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await BeginAsync(ada, ada.Officer);
        portal.Clock.Advance(TimeSpan.FromDays(14));
        await using var database = new RefusingDatabase(portal.NewDb());
        await database.RefuseAsync("UPDATE", "PersonRemovals");

        await RefusingDatabase.RequireRefusedAsync(() => portal.Get<RemovalJob>().RunAsync(Ct));
        Assert.False(Assert.Single(await ada.CertificatesAsync()).IsRevoked);
        await database.RelentAsync();
        await portal.Get<RemovalJob>().RunAsync(Ct);

        await RequireGoneAsync(ada);
    }

    [Fact]
    public async Task Removal_IsCarriedOutOnce_ByTwoNodesAtTheSameTime()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await BeginAsync(ada, ada.Officer);
        portal.Clock.Advance(TimeSpan.FromDays(14));

        var done = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => portal.Get<RemovalJob>().RunAsync(Ct), Ct)));

        Assert.Equal(1, done.Count(line => line.StartsWith('1')));
        await RequireGoneAsync(ada);
    }

    [Fact]
    public async Task Undo_ComesTooLate_OnceItIsCarriedOutOrUndone()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var removal = await BeginAsync(ada, ada.Officer);
        portal.Clock.Advance(TimeSpan.FromDays(14));

        await AccountSupport.RefusedAsync(() => portal.Get<RemovalService>().UndoAsync(removal.Id, ada.Officer, Ct), ErrorKind.Conflict);
        await portal.Get<RemovalJob>().RunAsync(Ct);
        await AccountSupport.RefusedAsync(() => portal.Get<RemovalService>().UndoAsync(removal.Id, ada.Officer, Ct), ErrorKind.Conflict);
        await AccountSupport.RefusedAsync(() => portal.Get<RemovalService>().UndoAsync(Guid.NewGuid(), ada.Officer, Ct), ErrorKind.NotFound);
    }

    [Fact]
    public async Task Undo_LeavesALockThatWasThereBefore()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var administrator = await portal.AddAdministratorAsync();
        await portal.Get<UserAdministration>().LockAsync(ada.UserId, "Asked for it", administrator, Ct);

        var removal = await BeginAsync(ada, administrator);
        await portal.Get<RemovalService>().UndoAsync(removal.Id, administrator, Ct);

        Assert.Equal((false, true, true), await ada.OpensAsync(SettledPerson.Passphrase));
    }

    [Fact]
    public async Task Unlock_DoesNotLiftTheLockOfARemoval()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var administrator = await portal.AddAdministratorAsync();
        var removal = await BeginAsync(ada, ada.Officer);

        var refusal = await AccountSupport.RefusedAsync(() => portal.Get<UserAdministration>().UnlockAsync(ada.UserId, administrator, Ct), ErrorKind.Conflict);

        Assert.Contains("being removed", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((false, true, false), await ada.OpensAsync(SettledPerson.Passphrase));
        await portal.Get<RemovalService>().UndoAsync(removal.Id, administrator, Ct);
        await portal.Get<UserAdministration>().LockAsync(ada.UserId, "Asked for it", administrator, Ct);
        await portal.Get<UserAdministration>().UnlockAsync(ada.UserId, administrator, Ct);
        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.Passphrase));
    }

    [Fact]
    public async Task Removal_IsRefused_ToEverybodyWhoMayNot()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var elsewhere = await portal.AddOfficerAsync(await portal.AddOrganisationAsync("Elsewhere"));
        var colleague = await portal.AddOfficerAsync(ada.Organisation);
        var administrator = await portal.AddAdministratorAsync();

        await RefusedAsync(ada.UserId, elsewhere, ErrorKind.NotFound);
        await RefusedAsync(Guid.NewGuid(), ada.Officer, ErrorKind.NotFound);
        await RefusedAsync(ada.UserId, ada.Actor, ErrorKind.Forbidden);
        await RefusedAsync(ada.UserId, Actor.Anonymous(), ErrorKind.Unauthenticated);
        await RefusedAsync(ada.UserId, ada.Officer with { HasSecondFactor = false }, ErrorKind.Forbidden);
        await RefusedAsync(ada.UserId, administrator with { HasSecondFactor = false }, ErrorKind.Forbidden);
        await RefusedAsync(administrator.Id!.Value, administrator, ErrorKind.Conflict);
        await RefusedAsync(ada.Officer.Id!.Value, ada.Officer, ErrorKind.Conflict);
        await RefusedAsync(colleague.Id!.Value, ada.Officer, ErrorKind.Forbidden);

        Task RefusedAsync(Guid userId, Actor actor, ErrorKind kind) => AccountSupport.RefusedAsync(() => portal.Get<RemovalService>().BeginAsync(userId, "Has left", actor, Ct), kind);
    }

    /// <summary>What was approved before is issued, and lifts the lock of the loss, but not that of the removal.</summary>
    [Fact]
    public async Task Removal_KeepsMyProxyLocked_WhenAReplacementIsIssuedMeanwhile()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        var reported = await portal.Get<LostDevice>().ReportAsync(SettledPerson.Passphrase, ada.Actor, Ct);
        await portal.Get<ApprovalService>().ApproveAsync(reported.ReplacementId!.Value, [], ada.Officer, Ct);

        var removal = await BeginAsync(ada, ada.Officer);
        await portal.DrainOutboxAsync();
        Assert.False(await ada.LogsOnAsync(SettledPerson.Passphrase));

        await portal.Get<RemovalService>().UndoAsync(removal.Id, ada.Officer, Ct);
        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.Passphrase));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("  ")]
    public async Task Removal_NeedsAReason(string? reason)
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        Assert.Equal("Reason", (await AccountSupport.RefusedAsync(() => portal.Get<RemovalService>().BeginAsync(ada.UserId, reason, ada.Officer, Ct), ErrorKind.Invalid)).Field);
        Assert.Equal("Reason", (await AccountSupport.RefusedAsync(() => portal.Get<RemovalService>().BeginAsync(ada.UserId, new string('x', 501), ada.Officer, Ct), ErrorKind.Invalid)).Field);
    }

    [Fact]
    public async Task Removal_IsBegunOnce()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => TryBeginAsync(ada), Ct)));

        Assert.Single(outcomes, true);
        await using var db = portal.NewDb();
        Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.RemovalBegun, Ct));
    }

    /// <summary>Nobody gets back in by the mail about a forgotten passphrase.</summary>
    [Fact]
    public async Task Recovery_IsNotPossible_WhileTheRemovalIsPending()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await BeginAsync(ada, ada.Officer);

        await portal.Get<RecoveryService>().AskAsync(new RecoveryForm { UserName = ada.UserName, Passphrase = SettledPerson.NewPassphrase, PassphraseAgain = SettledPerson.NewPassphrase }, SettledPerson.Visitor, Ct);
        await portal.DrainOutboxAsync();

        Assert.DoesNotContain(portal.Mails, mail => mail.Subject.Contains("forgotten", StringComparison.Ordinal));
    }

    private static async Task RequireGoneAsync(SettledPerson person)
    {
        await using var db = person.Portal.NewDb();
        var id = person.UserId;
        Assert.Equal((0, 0, 0, 0), (
            await db.Users.CountAsync(user => user.Id == id, Ct), await db.Credentials.CountAsync(key => key.UserId == id, Ct),
            await db.StoredCredentials.CountAsync(stored => stored.UserName == person.UserName, Ct), await db.EnrollmentRequests.CountAsync(request => request.UserId == id, Ct)));
        Assert.Equal(RevocationReason.CessationOfOperation, Assert.Single(await person.CertificatesAsync()).RevocationReason);
        Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.RemovalCompleted && record.ObjectId == id.ToString(), Ct));
        await AuditLog.RequireIntactAsync(db);
    }

    private static Task<PersonRemoval> BeginAsync(SettledPerson person, Actor actor) => person.Portal.Get<RemovalService>().BeginAsync(person.UserId, "Has left", actor, Ct);

    private static async Task<bool> TryBeginAsync(SettledPerson person)
    {
        try
        {
            await BeginAsync(person, person.Officer);
            return true;
        }
        catch (ServiceException refusal) when (refusal.Kind is ErrorKind.Conflict)
        {
            return false;
        }
    }
}
