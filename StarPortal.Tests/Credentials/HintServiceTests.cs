using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Identity;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Credentials;

[Trait("Category", "Unit")]
public sealed class HintServiceTests
{
    private const string Subject = "The hint to your passphrase";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hint_IsMailedToTheConfirmedAddressAlone()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        await AskAsync(portal, ada.UserName.ToUpperInvariant());

        var mail = Assert.Single(portal.Mails, mail => mail.Subject == Subject);
        Assert.Contains(SettledPerson.Hint, mail.Text, StringComparison.Ordinal);
        Assert.Contains($"{ada.UserName}@example.org", mail.To, StringComparison.Ordinal);
        Assert.DoesNotContain(SettledPerson.Passphrase, mail.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hint_IsMailedToNobody_WhoIsUnknownUnconfirmedOrLocked()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        await portal.AddAccountAsync("unconfirmed", isConfirmed: false);
        var locked = await portal.AddAccountAsync("locked");
        await portal.Get<UserAdministration>().LockAsync(locked.Id, "left", await portal.AddAdministratorAsync(), Ct);

        foreach (var name in (string[])["nobody-here", "unconfirmed", "locked", new string('x', 5000), "a\0b"]) await AskAsync(portal, name);

        Assert.DoesNotContain(portal.Mails, mail => mail.Subject == Subject);
    }

    /// <summary>Whatever the name, asking writes one row of the same kind, and looks nobody up.</summary>
    [Fact]
    public async Task Asking_DoesTheSameWork_WhetherThereIsSuchAPerson()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);
        await portal.DrainOutboxAsync();

        foreach (var name in (string[])[ada.UserName, "nobody-here"]) await portal.Get<HintService>().AskAsync(name, SettledPerson.Visitor, Ct);

        await using var db = portal.NewDb();
        var asked = await db.Outbox.Where(item => item.Status == OutboxStatus.Pending).ToListAsync(Ct);
        Assert.Equal(["passphrase-hint", "passphrase-hint"], asked.Select(item => item.Kind));
        Assert.DoesNotContain(asked, item => item.Payload.Contains(ada.UserName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hint_IsMailedOnceInAWhile_HoweverOftenItIsAskedFor()
    {
        await using var portal = await SettledPerson.StartPortalAsync(("Credentials:HintInterval", "06:00:00"));
        var ada = await SettledPerson.AddAsync(portal);
        portal.Clock.SetTo(new DateTimeOffset(portal.Clock.Now.Date.AddDays(1), TimeSpan.Zero));

        for (var time = 0; time < 5; time++) await AskAsync(portal, ada.UserName);
        Assert.Single(portal.Mails, mail => mail.Subject == Subject);
        portal.Clock.Advance(TimeSpan.FromHours(7));
        await AskAsync(portal, ada.UserName);

        Assert.Equal(2, portal.Mails.Count(mail => mail.Subject == Subject));
        await using var db = portal.NewDb();
        Assert.Equal(2, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.HintMailed, Ct));
    }

    [Fact]
    public async Task Asking_IsLimited_ForEachAddress()
    {
        await using var portal = await SettledPerson.StartPortalAsync(("Credentials:HintsPerAddressPerHour", "2"));
        foreach (var name in (string[])["one", "two"]) await portal.Get<HintService>().AskAsync(name, SettledPerson.Visitor, Ct);

        await AccountSupport.RefusedAsync(() => portal.Get<HintService>().AskAsync("three", SettledPerson.Visitor, Ct), ErrorKind.TooMany);
        await portal.Get<HintService>().AskAsync("three", Actor.Anonymous("192.0.2.1"), Ct);
    }

    [Fact]
    public async Task Asking_IsRefused_WhenHintsAreOffOrNothingIsTyped()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        Assert.Equal("UserName", (await AccountSupport.RefusedAsync(() => portal.Get<HintService>().AskAsync(" ", SettledPerson.Visitor, Ct), ErrorKind.Invalid)).Field);
        await using var without = await SettledPerson.StartPortalAsync(("Credentials:HintsEnabled", "false"));

        await AccountSupport.RefusedAsync(() => without.Get<HintService>().AskAsync("ada", SettledPerson.Visitor, Ct), ErrorKind.Conflict);
    }

    [Fact]
    public async Task Hint_IsSealedInTheDatabase()
    {
        await using var portal = await SettledPerson.StartPortalAsync();
        var ada = await SettledPerson.AddAsync(portal);

        await using var db = portal.NewDb();
        var stored = await db.Users.Where(user => user.Id == ada.UserId).Select(user => user.SealedHint).SingleAsync(Ct);
        Assert.Equal(-1, stored.AsSpan().IndexOf(Encoding.UTF8.GetBytes("horse")));
    }

    private static async Task AskAsync(TestPortal portal, string userName)
    {
        await portal.Get<HintService>().AskAsync(userName, SettledPerson.Visitor, Ct);
        await portal.DrainOutboxAsync();
    }
}
