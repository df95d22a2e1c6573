using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Mail;

[Trait("Category", "Unit")]
public sealed class MailerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static MailMessage Message => new()
    {
        To = "renee@example.org",
        ToName = "Renée Ünal",
        Subject = "Bitte bestätigen",
        Text = "Der Code ist geheim-4711.",
        Html = "<p>Der Code ist geheim-4711.</p>",
    };

    [Fact]
    public async Task Mail_HasBothPartsAndItsHeaders()
    {
        await using var portal = await TestPortal.StartAsync();
        var id = await AddAsync(portal, Message with { Attachments = [new MailAttachment("liste.csv", "text/csv", "a,b"u8.ToArray())] });
        await portal.DrainOutboxAsync();

        var mail = Assert.Single(portal.Mails);
        Assert.Equal(("Bitte bestätigen", "Renée Ünal <renee@example.org>"), (mail.Subject, mail.To));
        Assert.Equal((Message.Text, Message.Html), (mail.Text.Trim(), mail.Html.Trim()));
        Assert.Equal(($"<{id:N}@localhost>", "auto-generated"), (mail.Headers["Message-ID"], mail.Headers["Auto-Submitted"]));
        Assert.Equal(portal.Clock.Now, DateTimeOffset.Parse(mail.Headers["Date"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.DoesNotContain("X-Receiver", mail.Headers.Keys);
    }

    [Fact]
    public async Task Content_IsUnreadableInTheDatabase_AndGoneOnceSent()
    {
        await using var portal = await TestPortal.StartAsync();
        var id = await AddAsync(portal, Message);
        Assert.DoesNotContain("4711", (await ItemAsync(portal, id)).Payload, StringComparison.Ordinal);
        await portal.DrainOutboxAsync();
        Assert.Empty((await ItemAsync(portal, id)).Payload);
        await using var db = portal.NewDb();
        var record = await db.OutgoingMails.SingleAsync(Ct);
        Assert.Equal(("renee@example.org", "Bitte bestätigen", portal.Clock.Now), (record.Recipient, record.Subject, record.SentAt));
        Assert.True(await db.AuditRecords.AnyAsync(audit => audit.Action == AuditAction.MailSent && audit.ObjectId == id.ToString(), Ct));
    }

    [Theory]
    [InlineData("not an address")]
    [InlineData("")]
    [InlineData("Renée <renee@example.org>")]
    [InlineData("a@example.org\r\nBcc: everybody@example.org")]
    [InlineData("a@example.org, b@example.org")]
    public async Task Add_Refuses_WhatIsNoAddress(string to)
    {
        await using var portal = await TestPortal.StartAsync();
        await using var db = portal.NewDb();
        var refusal = Assert.Throws<ServiceException>(() => portal.Get<Mailer>().Add(db, "k", Message with { To = to }));
        Assert.Equal(ErrorKind.Invalid, refusal.Kind);
    }

    [Fact]
    public async Task Headers_CannotBeInjected()
    {
        await using var portal = await TestPortal.StartAsync();
        await AddAsync(portal, Message with { Subject = "Hello\r\nBcc: everybody@example.org", ToName = "Eve\r\nX-Evil: yes" });
        await portal.DrainOutboxAsync();
        var mail = Assert.Single(portal.Mails);
        Assert.Equal("Hello  Bcc: everybody@example.org", mail.Subject);
        Assert.DoesNotContain("Bcc", mail.Headers.Keys);
        Assert.DoesNotContain("X-Evil", mail.Headers.Keys);
    }

    [Fact]
    public async Task SameKeyTwice_IsRefusedByTheDatabase()
    {
        await using var portal = await TestPortal.StartAsync();
        await AddAsync(portal, Message);
        await Assert.ThrowsAsync<DbUpdateException>(() => AddAsync(portal, Message));
    }

    [Fact]
    public async Task Mail_OverwritesItsFile_WhenTheProcessDiedBeforeRecordingIt()
    {
        await using var portal = await TestPortal.StartAsync();
        var id = await AddAsync(portal, Message);
        await portal.Get<IMailTransport>().SendAsync(id, Message, Ct);
        await portal.DrainOutboxAsync();
        Assert.Equal($"{id:N}.eml", Assert.Single(portal.Mails).FileName);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(portal.DataDirectory, "mail", $"{id:N}.eml")));
    }

    [Fact]
    public async Task Mails_ToOneAddress_AreSpreadOverHours_AndNoneIsLost()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Mail:MaxPerRecipientPerHour"] = "3" });
        for (var number = 0; number < 7; number++) await AddAsync(portal, Message, $"{number}");
        await AddAsync(portal, Message with { To = "other@example.org" }, "other");
        await portal.DrainOutboxAsync();
        Assert.Equal(4, portal.Mails.Count);

        foreach (var expected in new[] { 7, 8 })
        {
            portal.Clock.Advance(TimeSpan.FromMinutes(61));
            await portal.DrainOutboxAsync();
            Assert.Equal(expected, portal.Mails.Count);
        }
    }

    [Fact]
    public async Task DeadMail_IsShownWithItsReason_AndSentAfterRetry()
    {
        var blocked = true;
        await using var portal = await TestPortal.StartAsync();
        var administrator = await portal.AddAdministratorAsync();
        var folder = Path.Combine(portal.DataDirectory, "mail");
        await File.WriteAllTextAsync(folder, "in the way", Ct);
        var id = await AddAsync(portal, Message);
        while (blocked)
        {
            await portal.DrainOutboxAsync();
            portal.Clock.Advance(TimeSpan.FromHours(9));
            blocked = (await ItemAsync(portal, id)).Status is OutboxStatus.Pending;
        }

        var history = portal.Get<MailHistory>();
        var dead = Assert.Single((await history.SearchAsync(MailState.Dead, "RENEE@", 1, administrator, Ct)).Entries);
        Assert.Contains("mail", dead.Note, StringComparison.Ordinal);
        File.Delete(folder);
        await history.RetryAsync(id, administrator, Ct);
        await portal.DrainOutboxAsync();
        Assert.Single(portal.Mails);
        Assert.Equal(new MailCounts(0, 1, 0), await history.CountAsync(administrator, Ct));
        await Assert.ThrowsAsync<ServiceException>(() => history.RetryAsync(id, administrator, Ct));
    }

    [Fact]
    public async Task History_IsForgotten_WhenItsDaysAreOver()
    {
        await using var portal = await TestPortal.StartAsync();
        await AddAsync(portal, Message);
        await portal.DrainOutboxAsync();
        var job = portal.Get<MailHistoryJob>();
        portal.Clock.Advance(TimeSpan.FromDays(89));
        Assert.Equal("0 mails forgotten", await job.RunAsync(Ct));
        portal.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal("1 mails forgotten", await job.RunAsync(Ct));
    }

    private static async Task<Guid> AddAsync(TestPortal portal, MailMessage message, string key = "test")
    {
        await using var db = portal.NewDb();
        portal.Get<Mailer>().Add(db, key, message);
        await db.SaveChangesAsync(Ct);
        return db.Outbox.Local.Single().Id;
    }

    private static async Task<OutboxItem> ItemAsync(TestPortal portal, Guid id)
    {
        await using var db = portal.NewDb();
        return await db.Outbox.AsNoTracking().SingleAsync(item => item.Id == id, Ct);
    }
}
