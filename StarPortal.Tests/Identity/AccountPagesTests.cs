using System.Net;
using Microsoft.Playwright;
using StarPortal.Core.Identity;
using StarPortal.Tests.Browser;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Identity;

/// <summary>The account and administration pages in a real browser.</summary>
[Trait("Category", "Browser")]
public sealed class AccountPagesTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private readonly Support.Browser browser = fixture.Browser;
    private readonly PortalApplication portal = fixture.Portal;

    [Fact]
    public async Task InvitedOfficer_ChoosesAPassphrase_SetsUpAnApp_AndSignsInWithACode_WithoutScripts()
    {
        var administrator = await browser.OpenAsync(portal, Support.Browser.Phone, javaScript: false);
        await SignInAsync(administrator, portal.PersonaOf("administrator"));
        await administrator.GotoAsync("/admin/officers/invite");
        await administrator.GetByLabel("Full name").FillAsync("Zoë Ångström");
        await administrator.GetByLabel("E-mail").FillAsync("zoe@example.org");
        await administrator.GetByLabel("User name").FillAsync("zoe");
        await administrator.GetByLabel("Organisation").SelectOptionAsync("Demo University");
        await administrator.GetByRole(AriaRole.Button, new() { Name = "Send the invitation" }).ClickAsync();
        await Assertions.Expect(administrator.GetByText("The invitation is on its way")).ToBeVisibleAsync();

        var link = (await MailToAsync(portal, "zoe@example.org")).LinkTo("/invitation/");
        var page = await browser.OpenAsync(portal, Support.Browser.Phone, javaScript: false);
        await page.GotoAsync(link.ToString());
        await page.GetByLabel("Passphrase", new() { Exact = true }).FillAsync("password1234");
        await page.GetByLabel("Passphrase again").FillAsync("password1234");
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept the invitation" }).ClickAsync();
        await Assertions.Expect(page.Locator("#Passphrase-error")).ToBeVisibleAsync();
        await page.GetByLabel("Passphrase", new() { Exact = true }).FillAsync(AccountSupport.Passphrase);
        await page.GetByLabel("Passphrase again").FillAsync(AccountSupport.Passphrase);
        await page.GetByRole(AriaRole.Button, new() { Name = "Accept the invitation" }).ClickAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Set up an app" }).ClickAsync();
        await Support.Browser.RequireNoSidewaysScrollAsync(page);
        await page.GetByText("Can't scan?").ClickAsync();
        var key = await page.Locator(".copyable code").First.InnerTextAsync();
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync("000000");
        await page.GetByLabel("Your passphrase").FillAsync(AccountSupport.Passphrase);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up" }).ClickAsync();
        await Assertions.Expect(page.Locator("#Code-error")).ToBeVisibleAsync();
        Assert.Equal(key, await page.Locator(".copyable code").First.TextContentAsync());
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(Totp.Code(key, TimeProvider.System.GetUtcNow()));
        await page.GetByLabel("Your passphrase").FillAsync(AccountSupport.Passphrase);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up" }).ClickAsync();
        var codes = await page.GetByLabel("Recovery codes", new() { Exact = true }).GetByRole(AriaRole.Listitem).AllInnerTextsAsync();
        Assert.Equal(10, codes.Count);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await SignInAsync(page, new("zoe", AccountSupport.Passphrase));
        await page.GetByLabel("Code of the authenticator app").FillAsync(codes[0]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();

        using var used = await portal.Client.GetAsync(link, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Gone, used.StatusCode);
    }

    [Fact]
    public async Task Pages_AreAccessibleAndFit_OnDesktopAndPhone()
    {
        foreach (var (viewport, dark) in Support.Browser.Looks)
        {
            var page = await browser.OpenAsync(portal, viewport, dark);
            await RequireGoodAsync(page, "/account/sign-in");
            await SignInAsync(page, portal.PersonaOf("administrator"));
            await Assertions.Expect(page.GetByText("You are a demo persona")).ToBeVisibleAsync();
            string[] paths =
            [
                "/admin", "/admin/organisations", "/admin/officers", "/admin/officers?ended=true", "/admin/officers/invite", "/admin/users", "/account/access-denied",
                "/account/security", "/account/security?needed=true", "/account/security/authenticator", "/account/security/passkeys/add", "/account/security/recovery-codes",
            ];
            foreach (var path in paths) await RequireGoodAsync(page, path);
            await page.GotoAsync("/admin/users");
            await page.GetByRole(AriaRole.Link, new() { Name = "Olga Novak" }).ClickAsync();
            await page.ArriveAsync("**/admin/users/*");
            await RequireGoodAsync(page, page.Url);
            await page.GotoAsync("/admin/organisations");
            await page.GetByRole(AriaRole.Link, new() { Name = "Demo University" }).ClickAsync();
            await page.ArriveAsync("**/admin/organisations/*");
            await RequireGoodAsync(page, page.Url);
            await page.Context.CloseAsync();
        }
    }

    [Theory]
    [InlineData("/admin")]
    [InlineData("/admin/organisations")]
    [InlineData("/admin/officers")]
    [InlineData("/admin/users")]
    public async Task AdministrationPages_AreNotForOthers(string path)
    {
        using var visitor = portal.NewClient(followRedirects: false);
        using var answer = await visitor.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Contains("/account/sign-in?returnUrl=", answer.Headers.Location!.ToString(), StringComparison.Ordinal);

        foreach (var role in new[] { "subscriber", "officer", "owner" })
        {
            var page = await browser.OpenAsync(portal, javaScript: false);
            await SignInAsync(page, portal.PersonaOf(role));
            await page.GotoAsync(path);
            await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Not for this account");
        }
    }

    [Theory]
    [InlineData("/admin", "/admin")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("https://evil.example/", "/")]
    public async Task SigningIn_LeadsOnlyToPagesOfOurs(string returnUrl, string expected)
    {
        var page = await browser.OpenAsync(portal, javaScript: false);
        await page.GotoAsync($"/account/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}");
        await FillSignInAsync(page, portal.PersonaOf("administrator"));

        Assert.Equal(new Uri(portal.BaseUrl, expected), new Uri(page.Url));
    }

    [Fact]
    public async Task Cookies_AreForThisHostAndHttpsOnly()
    {
        var page = await browser.OpenAsync(portal, javaScript: false);
        await SignInAsync(page, portal.PersonaOf("officer"));

        var cookies = await page.Context.CookiesAsync();

        var session = Assert.Single(cookies, cookie => cookie.Name == "__Host-starportal");
        Assert.All(cookies, cookie => Assert.True(cookie.Secure && cookie.HttpOnly && cookie.SameSite is not SameSiteAttribute.None, cookie.Name));
        Assert.Equal(-1, session.Expires);
    }

    [Theory]
    [InlineData("nobody-here", "wrong passphrase here")]
    [InlineData("officer", "wrong passphrase here")]
    public async Task Refusal_LooksTheSame_WhetherTheUserExistsOrNot(string userName, string passphrase)
    {
        var page = await browser.OpenAsync(portal, javaScript: false);
        await page.GotoAsync("/account/sign-in");
        await page.GetByLabel("User name").FillAsync(userName);
        await page.GetByLabel("Passphrase").FillAsync(passphrase);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("That did not work: the user name or the passphrase is wrong");
        await Assertions.Expect(page.GetByLabel("User name")).ToHaveValueAsync(userName);
        await Assertions.Expect(page.GetByLabel("Passphrase")).ToHaveValueAsync("");
    }

    private static async Task RequireGoodAsync(IPage page, string path)
    {
        var answer = await page.GotoAsync(path);
        Assert.Equal(200, answer!.Status);
        Assert.Equal(1, await page.Locator("h1").CountAsync());
        await Support.Browser.RequireAccessibleAsync(page);
        await Support.Browser.RequireNoSidewaysScrollAsync(page);
    }

    private static async Task SignInAsync(IPage page, Persona persona)
    {
        await page.GotoAsync("/account/sign-in");
        await FillSignInAsync(page, persona);
    }

    private static async Task FillSignInAsync(IPage page, Persona persona)
    {
        await page.GetByLabel("User name").FillAsync(persona.UserName);
        await page.GetByLabel("Passphrase").FillAsync(persona.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.LeaveAsync("/account/sign-in");
    }

    private static async Task<SentMail> MailToAsync(PortalApplication portal, string address)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if (portal.Mails.FirstOrDefault(mail => mail.To.Contains(address, StringComparison.Ordinal)) is { } mail) return mail;
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"No mail to {address}.");
    }
}
