using StarPortal.Tests.Support;
using Microsoft.Playwright;

namespace StarPortal.Tests.Browser;

/// <summary>Asking for a certificate in a real browser: with scripts and without, on a desktop and on a phone.</summary>
[Trait("Category", "Browser")]
public sealed class RequestTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string Passphrase = "seven otters juggle quietly";

    private static int count;

    [Theory]
    [InlineData(1280, false)]
    [InlineData(390, true)]
    public async Task Request_IsSentAndConfirmed_WithoutScripts(int width, bool dark)
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal, new() { Width = width, Height = 844 }, dark, javaScript: false);
        await FillAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Check" }).ClickAsync();
        await Assertions.Expect(page.Locator(".subject")).ToContainTextAsync("Zoe Grosse-Lukasz");
        await Assertions.Expect(page.GetByText("Please type the passphrase again")).ToBeVisibleAsync();

        await page.FillAsync("#Passphrase", Passphrase);
        await page.FillAsync("#PassphraseAgain", Passphrase);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the request" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Your request", Exact = true })).ToBeVisibleAsync();
        await ConfirmAsync(page);

        await Assertions.Expect(page.Locator(".track .current")).ToContainTextAsync("With the officers");
        await page.Context.CloseAsync();
    }

    [Theory]
    [InlineData(1280, true)]
    [InlineData(390, false)]
    public async Task Preview_FollowsTheTyping_AndPagesAreAccessible(int width, bool dark)
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal, new() { Width = width, Height = 844 }, dark);
        await FillAsync(page);
        await Assertions.Expect(page.Locator(".subject")).ToContainTextAsync("Zoe Grosse-Lukasz");
        await Assertions.Expect(page.Locator("[data-preview] .chip")).ToHaveTextAsync("Ready to send");
        await page.FillAsync("#PassphraseAgain", "something else");
        await Assertions.Expect(page.Locator("#PassphraseAgain-notes")).ToContainTextAsync("differ");
        await Assertions.Expect(page.Locator("#PassphraseAgain")).ToHaveAttributeAsync("aria-invalid", "true");
        await RequireGoodAsync(page);

        await page.FillAsync("#PassphraseAgain", Passphrase);
        await Assertions.Expect(page.Locator("#PassphraseAgain-notes")).ToBeEmptyAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the request" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Look into your mail" })).ToBeVisibleAsync();
        await RequireGoodAsync(page);
        await page.GoBackAsync();
        await Assertions.Expect(page.GetByText("You have sent this request already")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task ConfirmationPage_ChangesNothing_ForAVisitorWhoRunsScripts()
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal);
        var tracking = await SendAsync(page);
        var link = await LinkAsync(tracking);

        var scanner = await fixture.Browser.OpenAsync(fixture.Portal);
        await scanner.GotoAsync(link, new() { WaitUntil = WaitUntilState.NetworkIdle });
        await RequireGoodAsync(scanner);
        await page.GotoAsync(tracking);

        await Assertions.Expect(page.Locator(".track .current")).ToContainTextAsync("Confirm your e-mail address");
        await page.Context.CloseAsync();
        await scanner.Context.CloseAsync();
    }

    [Fact]
    public async Task TrackingPage_KeepsWhatIsTyped_WhenTheRequestMovesOn()
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal);
        var tracking = await SendAsync(page);
        await page.GetByText("Withdraw the request").ClickAsync();
        await page.FillAsync("#withdraw-passphrase", "half a passph");

        var other = await fixture.Browser.OpenAsync(fixture.Portal);
        await other.GotoAsync(await LinkAsync(tracking));
        await other.GetByRole(AriaRole.Button, new() { Name = "Yes, this is my address" }).ClickAsync();
        await Assertions.Expect(other.Locator(".track .current")).ToContainTextAsync("With the officers");
        await page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");

        await Assertions.Expect(page.GetByText("Something has happened")).ToBeVisibleAsync();
        Assert.Equal("half a passph", await page.InputValueAsync("#withdraw-passphrase"));
        await page.Context.CloseAsync();
        await other.Context.CloseAsync();
    }

    private static async Task FillAsync(IPage page)
    {
        var name = $"zoe{Interlocked.Increment(ref count)}";
        await page.GotoAsync("/request");
        await page.FillAsync("#FullName", "Zoë Größe-Łukasz");
        await page.FillAsync("#UserName", name);
        await page.FillAsync("#Email", $"{name}@example.org");
        await page.SelectOptionAsync("#OrganisationId", new SelectOptionValue { Index = 1 });
        await page.FillAsync("#Purpose", "Simulations of plasma turbulence");
        await page.FillAsync("#Passphrase", Passphrase);
        await page.FillAsync("#PassphraseAgain", Passphrase);
    }

    /// <returns>The path of the tracking page.</returns>
    private static async Task<string> SendAsync(IPage page)
    {
        await FillAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the request" }).ClickAsync();
        await page.ArriveAsync("**/requests/**");
        return new Uri(page.Url).AbsolutePath;
    }

    private async Task ConfirmAsync(IPage page)
    {
        await page.GotoAsync(await LinkAsync(new Uri(page.Url).AbsolutePath));
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, this is my address" }).ClickAsync();
    }

    /// <summary>The mail goes out by itself a moment after the request.</summary>
    private async Task<string> LinkAsync(string tracking)
    {
        for (var turn = 0; turn < 600; turn++)
        {
            if (fixture.Portal.Mails.FirstOrDefault(mail => mail.Text.Contains(tracking, StringComparison.Ordinal) && mail.Text.Contains("/confirm/", StringComparison.Ordinal)) is { } mail)
                return mail.LinkTo("/confirm/").PathAndQuery;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException("No confirmation mail came.");
    }

    private static async Task RequireGoodAsync(IPage page)
    {
        Assert.Equal(1, await page.Locator("h1").CountAsync());
        await Support.Browser.RequireAccessibleAsync(page);
        await Support.Browser.RequireNoSidewaysScrollAsync(page);
    }
}
