using StarPortal.Tests.Support;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StarPortal.Core.Audit;

namespace StarPortal.Tests.Browser;

/// <summary>Mail, jobs, audit, the demo's inbox and clock, as the administrator's browser shows them.</summary>
[Trait("Category", "Browser")]
public sealed partial class OperationsPagesTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Job_RunsNow_AndSaysWhatItDid_WithoutScripts()
    {
        var page = await SignedInAsync("administrator", javaScript: false);
        await page.GotoAsync("/admin/jobs");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run now: history-prune" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice.good")).ToContainTextAsync("history-prune: 0 job runs and 0 outbox items forgotten");
        await page.GotoAsync("/admin/audit?about=job/history-prune");
        await Assertions.Expect(page.Locator("table.data tbody tr").First).ToContainTextAsync("JobStarted");
    }

    [Fact]
    public async Task Clock_IsWound_AndNobodyIsSignedOut()
    {
        var page = await SignedInAsync("officer");
        await page.GotoAsync("/demo/clock");
        await page.GetByRole(AriaRole.Button, new() { Name = "1 week on" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("The clock was wound");
        await page.GotoAsync("/demo/clock");
        await page.GetByLabel("Hours").FillAsync("720");
        await page.GetByRole(AriaRole.Button, new() { Name = "Wind forward" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "1 hour on" })).ToBeVisibleAsync();
        using var answer = await fixture.Portal.Client.GetAsync(new Uri("/readyz", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode); // Our own certificate still counts in real time.
    }

    [Fact]
    public async Task MailedLink_OpensThePage_WhenClickedInTheInbox()
    {
        var id = Guid.NewGuid();
        var page = await SignedInAsync("subscriber");
        await WriteMailAsync(id, $"<a href=\"{fixture.Portal.BaseUrl}status\">Go there</a><script>top.location = '/stolen'</script>");
        await page.GotoAsync("/demo/inbox");
        await page.GetByRole(AriaRole.Link, new() { Name = "Hello from a test" }).First.ClickAsync();
        await page.FrameLocator(".mail-frame").GetByRole(AriaRole.Link, new() { Name = "Go there" }).ClickAsync();
        await page.ArriveAsync("**/status");
        Assert.DoesNotContain("stolen", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inbox_ShowsANewMail_WithoutALoad_AndKeepsFocus()
    {
        var page = await SignedInAsync("subscriber");
        await WriteMailAsync(Guid.NewGuid(), "<p>first</p>");
        await page.GotoAsync("/demo/inbox");
        var first = page.GetByRole(AriaRole.Link, new() { Name = "Hello from a test" }).Last;
        var href = await first.GetAttributeAsync("href");
        await first.FocusAsync();
        await page.EvaluateAsync("window.sameDocument = true");
        await WriteMailAsync(Guid.NewGuid(), "<p>second</p>", "A newer one");
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "A newer one" })).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.sameDocument"));
        Assert.Equal(href, await page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"));
    }

    [Fact]
    public async Task AuditLog_IsDownloaded_AndVerifies()
    {
        var page = await SignedInAsync("administrator");
        await page.GotoAsync("/admin/audit");
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "JSON" }).ClickAsync());
        await using var file = File.OpenRead(await download.PathAsync());
        var verdict = await AuditVerifier.VerifyFileAsync(file, TestContext.Current.CancellationToken);
        Assert.Null(verdict.Break);
        Assert.True(verdict.Count > 3);
    }

    [Theory]
    [InlineData("/admin/audit")]
    [InlineData("/admin/mail")]
    [InlineData("/admin/jobs")]
    [InlineData("/admin/mail/templates/mail/test/html")]
    public async Task OfficersAndStrangers_SeeNothing(string path)
    {
        var page = await SignedInAsync("officer");
        await page.GotoAsync(path);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Not for this account");
        using var stranger = fixture.Portal.NewClient(followRedirects: false);
        using var refused = await stranger.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, refused.StatusCode);
    }

    private async Task<IPage> SignedInAsync(string role, bool javaScript = true)
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal, javaScript: javaScript);
        var persona = fixture.Portal.PersonaOf(role);
        await page.GotoAsync("/account/sign-in?returnUrl=/demo/clock");
        await page.GetByLabel("User name").FillAsync(persona.UserName);
        await page.GetByLabel("Passphrase").FillAsync(persona.Password);
        await page.GetByRole(AriaRole.Button, new() { NameRegex = ExactlySignIn() }).ClickAsync();
        await page.ArriveAsync("**/demo/clock");
        return page;
    }

    private async Task WriteMailAsync(Guid id, string html, string subject = "Hello from a test")
    {
        var folder = Path.Combine(fixture.Portal.DataDirectory, "mail");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, $"{id:N}.eml"), $"Subject: {subject}\r\nTo: a@example.org\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><head></head><body>{html}</body></html>", TestContext.Current.CancellationToken);
    }

    [GeneratedRegex("^Sign in$", RegexOptions.None, 1000)]
    private static partial Regex ExactlySignIn();
}
