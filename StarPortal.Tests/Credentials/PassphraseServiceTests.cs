using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Credentials;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Approval;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Credentials;

[Trait("Category", "Unit")]
public sealed class PassphraseServiceTests
{
    private static readonly (bool, bool, bool) Everything = (true, true, true);
    private static readonly (bool, bool, bool) Nothing = (false, false, false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_PutsSignInKeyAndMyProxyUnderTheNewOne()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.Passphrase));

        var changed = await ChangeAsync(ada, ada.Form());

        Assert.Equal((2, true), (changed.Keys.Count, changed.Keys.All(key => key.IsChanged)));
        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.NewPassphrase));
        Assert.Equal(Nothing, await ada.OpensAsync(SettledPerson.Passphrase));
        await portal.DrainOutboxAsync();
        Assert.Contains(portal.Mails, mail => mail.Subject == "Your passphrase has been changed" && mail.To.Contains(ada.UserName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Change_SaysWhichKeyStaysUnderAnotherPassphrase()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await using (var db = portal.NewDb())
        {
            var credential = await db.Credentials.SingleAsync(key => key.UserId == ada.UserId, Ct);
            Assert.True(portal.Get<CredentialStore>().TryChange(credential, new PassphrasePair(SettledPerson.Passphrase, "another one of long ago")));
            await db.SaveChangesAsync(Ct);
        }

        var changed = await ChangeAsync(ada, ada.Form());

        Assert.StartsWith("The key of certificate", Assert.Single(changed.Keys, key => !key.IsChanged).What, StringComparison.Ordinal);
        Assert.Equal((true, false, true), await ada.OpensAsync(SettledPerson.NewPassphrase));
    }

    [Fact]
    public async Task Change_TakesTheKeyOfAnOpenRequestAlong()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var lab = await portal.AddOrganisationAsync("Plasma Lab");
        var request = await Queued.AddWithPortalKeyAsync(portal, lab);
        await using (var db = portal.NewDb())
        {
            var user = await db.Users.SingleAsync(candidate => candidate.Id == request.UserId, Ct);
            user.SetPassphrase(portal.Get<SignInPassphrases>().Seal(Queued.Passphrase, null));
            await db.SaveChangesAsync(Ct);
        }

        var grace = new SettledPerson(portal, request.UserId, request.UserName, lab, await portal.AddOfficerAsync(lab));
        await ChangeAsync(grace, grace.Form());
        await portal.Get<Core.Approval.ApprovalService>().ApproveAsync(request.Id, [], grace.Officer, Ct);
        await portal.DrainOutboxAsync();

        Assert.Equal(Everything, await grace.OpensAsync(SettledPerson.NewPassphrase));
    }

    [Fact]
    public async Task Change_ChangesNothing_WhenOnePartCannotBeSaved()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await using var database = new RefusingDatabase(portal.NewDb());
        await database.RefuseAsync("UPDATE", "StoredCredentials");

        await RefusingDatabase.RequireRefusedAsync(() => ChangeAsync(ada, ada.Form()));

        await database.RelentAsync();
        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.Passphrase));
    }

    [Theory]
    [InlineData("nobody-here", SettledPerson.Passphrase)]
    [InlineData(null, "not the passphrase at all")]
    public async Task Change_GivesOneAnswerAfterOneHash_WhateverIsWrong(string? userName, string old)
    {
        var hasher = new CountingHasher();
        await using var portal = await TestPortal.StartAsync(services: hasher.Replace);
        await portal.AddAccountAsync("maria");
        var form = new ChangePassphraseForm { UserName = userName ?? "maria", OldPassphrase = old, Passphrase = SettledPerson.NewPassphrase + " x", PassphraseAgain = SettledPerson.NewPassphrase + " x" };
        await AccountSupport.RefusedAsync(() => portal.Get<PassphraseService>().ChangeAsync(form, SettledPerson.Visitor, Ct), ErrorKind.Unauthenticated);
        hasher.Reset();

        var refusal = await AccountSupport.RefusedAsync(() => portal.Get<PassphraseService>().ChangeAsync(form, SettledPerson.Visitor, Ct), ErrorKind.Unauthenticated);

        Assert.Equal((CredentialErrors.ChangeRefused().Message, null), (refusal.Message, refusal.Field));
        Assert.Equal((0, 1), (hasher.Hashed, hasher.Verified));
    }

    [Fact]
    public async Task Change_CountsWrongTries_AndRestsAsSignInDoes()
    {
        await using var portal = await SettledPerson.StartPortalAsync(("Identity:LockoutAttempts", "3"));
        var ada = await SettledPerson.AddAsync(portal);
        for (var tries = 0; tries < 3; tries++) await AccountSupport.RefusedAsync(() => ChangeAsync(ada, ada.Form("not the passphrase at all")), ErrorKind.Unauthenticated);

        await AccountSupport.RefusedAsync(() => ChangeAsync(ada, ada.Form()), ErrorKind.Unauthenticated);
        portal.Clock.Advance(TimeSpan.FromMinutes(11));

        await ChangeAsync(ada, ada.Form());
    }

    [Theory]
    [InlineData(" ", SettledPerson.Passphrase, SettledPerson.NewPassphrase, SettledPerson.NewPassphrase, null, "UserName")]
    [InlineData("ada", "", SettledPerson.NewPassphrase, SettledPerson.NewPassphrase, null, "OldPassphrase")]
    [InlineData("ada", SettledPerson.Passphrase, "", "", null, "Passphrase")]
    [InlineData("ada", SettledPerson.Passphrase, SettledPerson.Passphrase, SettledPerson.Passphrase, null, "Passphrase")]
    [InlineData("ada", SettledPerson.Passphrase, "short", "short", null, "Passphrase")]
    [InlineData("ada", SettledPerson.Passphrase, "password1234", "password1234", null, "Passphrase")]
    [InlineData("ada", SettledPerson.Passphrase, SettledPerson.NewPassphrase, "violet harbour lantern", null, "PassphraseAgain")]
    [InlineData("ada", SettledPerson.Passphrase, SettledPerson.NewPassphrase, SettledPerson.NewPassphrase, "it is VioletHarbourLanternSeven", "Hint")]
    [InlineData("ada", SettledPerson.Passphrase, SettledPerson.NewPassphrase, SettledPerson.NewPassphrase, "violet harbour lant…", "Hint")]
    [InlineData("ada", SettledPerson.Passphrase, SettledPerson.NewPassphrase, SettledPerson.NewPassphrase, "two\nlines", "Hint")]
    public async Task Change_SaysWhatIsWrong_BesideTheField(string userName, string old, string @new, string again, string? hint, string field)
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var form = new ChangePassphraseForm { UserName = userName, OldPassphrase = old, Passphrase = @new, PassphraseAgain = again, Hint = hint };

        var refusal = await AccountSupport.RefusedAsync(() => portal.Get<PassphraseService>().ChangeAsync(form, SettledPerson.Visitor, Ct), ErrorKind.Invalid);

        Assert.Equal(field, refusal.Field);
    }

    [Fact]
    public async Task Change_HappensOnce_WhenTwoComeAtTheSameTime()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        string[] wanted = [SettledPerson.NewPassphrase, "copper meadow zeppelin nine"];

        var outcomes = await Task.WhenAll(wanted.Select(passphrase => Task.Run(() => TryAsync(ada, passphrase), Ct)));

        var winner = wanted[Array.IndexOf(outcomes, true)];
        Assert.Single(outcomes, true);
        Assert.Equal(Everything, await ada.OpensAsync(winner));
        Assert.Equal(Nothing, await ada.OpensAsync(wanted.Single(passphrase => passphrase != winner)));
    }

    [Fact]
    public async Task Change_GoesThroughWhole_WhileClientsLogOn()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        var logons = Enumerable.Range(0, 6).Select(_ => Task.Run(() => ada.LogsOnAsync(SettledPerson.Passphrase), Ct)).ToList();
        await ChangeAsync(ada, ada.Form());
        await Task.WhenAll(logons);

        Assert.Equal(Everything, await ada.OpensAsync(SettledPerson.NewPassphrase));
        Assert.False(await ada.LogsOnAsync(SettledPerson.Passphrase));
    }

    [Fact]
    public async Task Change_NeedsAProvenSession_OnceThereIsASecondFactor()
    {
        await using var portal = await AccountSupport.StartAsync();
        var maria = await portal.AddAccountAsync("maria");
        await portal.EnableAuthenticatorAsync(maria.Id);
        var form = new ChangePassphraseForm { UserName = "maria", OldPassphrase = AccountSupport.Passphrase, Passphrase = "copper meadow zeppelin nine", PassphraseAgain = "copper meadow zeppelin nine" };

        await AccountSupport.RefusedAsync(() => portal.Get<PassphraseService>().ChangeAsync(form, SettledPerson.Visitor, Ct), ErrorKind.Forbidden);
        var changed = await portal.Get<PassphraseService>().ChangeAsync(form, await portal.SignedInAsync(maria.Id, hasSecondFactor: true), Ct);

        Assert.Equal(maria.Id, changed.UserId);
    }

    [Fact]
    public async Task Change_LeavesNoPassphraseInTheAuditLogNorTheOutbox()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await ChangeAsync(ada, ada.Form(hint: "Where the ships come in"));

        await using var db = portal.NewDb();
        Assert.Equal(0, await db.AuditRecords.CountAsync(record => record.Detail!.Contains("violet") || record.Detail!.Contains("ships"), Ct));
        Assert.Equal(0, await db.Outbox.CountAsync(item => item.Payload.Contains("violet") || item.Payload.Contains("ships"), Ct));
        Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.PasswordChanged && record.ObjectId == ada.UserId.ToString(), Ct));
    }

    private static async Task<bool> TryAsync(SettledPerson person, string passphrase)
    {
        try
        {
            await ChangeAsync(person, person.Form(@new: passphrase));
            return true;
        }
        catch (ServiceException refusal) when (refusal.Kind is ErrorKind.Unauthenticated)
        {
            return false;
        }
    }

    private static Task<PassphraseChanged> ChangeAsync(SettledPerson person, ChangePassphraseForm form) =>
        person.Portal.Get<PassphraseService>().ChangeAsync(form, SettledPerson.Visitor, Ct);
}
