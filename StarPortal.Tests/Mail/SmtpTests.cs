using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Mail;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Mail;

/// <summary>Against Debian's aiosmtpd.</summary>
[Trait("Category", "Interop")]
[Collection("smtp")] // The mail client's trust is the process's.
public sealed class SmtpTests : IDisposable
{
    private const string Password = "correct horse";

    private readonly TestFolder folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Mail_IsAcceptedOverStartTls_WithAuthentication()
    {
        await using var sink = await StartSinkAsync("--user", "portal", "--password", Password);
        await using var portal = await PortalAsync(sink.Port);
        var item = await AddAsync(portal);
        await portal.DrainOutboxAsync();

        await AssertStateAsync(portal, item, OutboxStatus.Done);
        var message = Assert.Single(await sink.MessagesAsync());
        Assert.True(message.GetProperty("tls").GetBoolean());
        Assert.Equal("portal", message.GetProperty("user").GetString());
        var mail = SentMail.Parse("", message.GetProperty("data").GetString()!);
        Assert.Equal(("Grüße", "Text mit ß"), (mail.Subject, mail.Text.Trim()));
        Assert.Equal($"<{item:N}@portal.example.org>", mail.Headers["Message-ID"]);
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
    }

    [Fact]
    public async Task Mail_IsSentOnce_WhenTheServerWasDownAndComesUp()
    {
        int port;
        await using (var probe = await StartSinkAsync()) port = probe.Port;
        await using var portal = await PortalAsync(port, login: false);
        var item = await AddAsync(portal);
        await portal.DrainOutboxAsync();
        await AssertStateAsync(portal, item, OutboxStatus.Pending);

        await using var sink = await StartSinkAsync("--port", $"{port}");
        portal.Clock.Advance(OutboxDispatcher.Backoff[0]);
        await portal.DrainOutboxAsync();
        portal.Clock.Advance(TimeSpan.FromHours(1));
        await portal.DrainOutboxAsync();
        Assert.Single(await sink.MessagesAsync());
        await AssertStateAsync(portal, item, OutboxStatus.Done);
    }

    [Fact]
    public async Task Mail_IsTriedAgain_WhenTheServerAnswers4yz()
    {
        await using var sink = await StartSinkAsync("--fail", "451:2");
        await using var portal = await PortalAsync(sink.Port, login: false);
        var item = await AddAsync(portal);
        await portal.DrainOutboxAsync();
        Assert.Contains("Try again later", (await AssertStateAsync(portal, item, OutboxStatus.Pending)).LastError, StringComparison.Ordinal);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.DrainOutboxAsync();
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.DrainOutboxAsync();
        Assert.Equal(["refused", "refused", "message"], await sink.EventsAsync());
        Assert.Equal(3, (await AssertStateAsync(portal, item, OutboxStatus.Done)).Attempts);
    }

    [Fact]
    public async Task Mail_IsDeadAtOnce_WhenTheServerAnswers5yz()
    {
        await using var sink = await StartSinkAsync("--reject", "550");
        await using var portal = await PortalAsync(sink.Port, login: false);
        var item = await AddAsync(portal);
        await portal.DrainOutboxAsync();

        var dead = await AssertStateAsync(portal, item, OutboxStatus.Dead);
        Assert.Contains("550", dead.LastError, StringComparison.Ordinal);
        Assert.Contains("No such mailbox", dead.LastError, StringComparison.Ordinal);
        await using var db = portal.NewDb();
        Assert.NotNull((await db.OutgoingMails.SingleAsync(mail => mail.Id == item, Ct)).GivenUpAt);
    }

    [Fact]
    public async Task Mail_IsNotSent_WhenTheServerHasNoStartTls()
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var portal = await PortalAsync(sink.Port, login: false);
        var item = await AddAsync(portal);
        await portal.DrainOutboxAsync();
        Assert.Empty(await sink.EventsAsync());
        await AssertStateAsync(portal, item, OutboxStatus.Pending);
    }

    [Fact]
    public async Task Mail_IsSentInTheClear_OnlyWhenTlsIsSwitchedOff()
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var portal = await PortalAsync(sink.Port, login: false, requireTls: false);
        await AddAsync(portal);
        await portal.DrainOutboxAsync();
        Assert.False(Assert.Single(await sink.MessagesAsync()).GetProperty("tls").GetBoolean());
    }

    [Fact]
    public async Task Mail_IsNotSent_WhenTheServersCertificateIsNotTrusted()
    {
        SmtpSink.MakeTrustedCertificate(folder);
        var (_, stranger) = SmtpSink.MakeCertificate(folder);
        await using var sink = await SmtpSink.StartAsync("--cert", stranger.Certificate, "--key", stranger.Key);
        await using var portal = await PortalAsync(sink.Port, login: false);
        var item = await AddAsync(portal);
        await portal.DrainOutboxAsync();
        Assert.Empty(await sink.EventsAsync());
        await AssertStateAsync(portal, item, OutboxStatus.Pending);
    }

    [Fact]
    public async Task Mail_WaitsForAnAdministrator_WhenThePasswordIsWrong()
    {
        await using var sink = await StartSinkAsync("--user", "portal", "--password", "another");
        await using var portal = await PortalAsync(sink.Port);
        var item = await AddAsync(portal);
        await portal.DrainOutboxAsync();
        Assert.Empty(await sink.MessagesAsync());
        var pending = await AssertStateAsync(portal, item, OutboxStatus.Pending);
        Assert.Contains("authenticat", pending.LastError, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Password, pending.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_IsTriedAgain_WhenTheServerHangs()
    {
        await using var sink = await StartSinkAsync("--hang");
        await using var portal = await PortalAsync(sink.Port, login: false, timeout: "00:00:02");
        var item = await AddAsync(portal);
        await portal.DrainOutboxAsync();
        Assert.Contains("timed out", (await AssertStateAsync(portal, item, OutboxStatus.Pending)).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_HasTheSameMessageId_WhenItGoesOutAgainAfterACrash()
    {
        await using var sink = await StartSinkAsync();
        await using var portal = await PortalAsync(sink.Port, login: false);
        var item = await AddAsync(portal);
        var message = new MailMessage { To = "renee@example.org", Subject = "Grüße", Text = "Text", Html = "<p>Text</p>" };
        await portal.Get<IMailTransport>().SendAsync(item, message, Ct); // Sent, and killed before it was recorded.
        await portal.DrainOutboxAsync();
        var messages = await sink.MessagesAsync();
        Assert.Equal(2, messages.Count);
        Assert.Single(messages.Select(sent => SentMail.Parse("", sent.GetProperty("data").GetString()!).Headers["Message-ID"]).Distinct(StringComparer.Ordinal));
    }

    private async Task<SmtpSink> StartSinkAsync(params string[] arguments)
    {
        var (certificate, key) = SmtpSink.MakeTrustedCertificate(folder);
        return await SmtpSink.StartAsync(["--cert", certificate, "--key", key, .. arguments]);
    }

    private static Task<TestPortal> PortalAsync(int port, bool login = true, bool requireTls = true, string timeout = "00:00:30") =>
        TestPortal.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Mail:Transport"] = "Smtp",
            ["Mail:Host"] = "localhost",
            ["Mail:Port"] = $"{port}",
            ["Mail:RequireTls"] = $"{requireTls}",
            ["Mail:UserName"] = login ? "portal" : null,
            ["Mail:Password"] = login ? Password : null,
            ["Mail:From"] = "StarPortal <noreply@portal.example.org>",
            ["Mail:Timeout"] = timeout,
        });

    private static async Task<Guid> AddAsync(TestPortal portal)
    {
        await using var db = portal.NewDb();
        var message = new MailMessage { To = "renee@example.org", ToName = "Renée", Subject = "Grüße", Text = "Text mit ß", Html = "<p>Text mit ß</p>" };
        portal.Get<Mailer>().Add(db, "test", message);
        await db.SaveChangesAsync(Ct);
        return db.Outbox.Local.Single().Id;
    }

    private static async Task<OutboxItem> AssertStateAsync(TestPortal portal, Guid id, OutboxStatus expected)
    {
        await using var db = portal.NewDb();
        var item = await db.Outbox.SingleAsync(candidate => candidate.Id == id, Ct);
        Assert.True(expected == item.Status, $"{item.Status}: {item.LastError}");
        return item;
    }
}
