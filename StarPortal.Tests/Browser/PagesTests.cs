using Microsoft.Playwright;

namespace StarPortal.Tests.Browser;

/// <summary>Every page that a role may open, as it comes out of a real browser, in both themes and on both sizes.</summary>
[Trait("Category", "Browser")]
public sealed class PagesTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private const string NoSuchPage = "/no-such-page";

    public static TheoryData<string?, string> Pages => new()
    {
        { null, "/" },
        { null, "/status" },
        { null, "/request" },
        { null, "/account/sign-in" },
        { null, "/password/change" },
        { null, "/password/hint" },
        { null, "/password/forgotten" },
        { null, "/revoke" },
        { "subscriber", "/password/change" },
        { "subscriber", "/account/lost" },
        { "officer", "/ra/removals" },
        { "officer", "/ra/removals?person=nobody-here" },
        { "officer", "/ra/people/subscriber" },
        { "administrator", "/ra/people/officer" },
        { "administrator", "/ra/people/administrator" },
        { null, NoSuchPage },
        { "subscriber", "/" },
        { "subscriber", "/account" },
        { "subscriber", "/account/security" },
        { "subscriber", "/account/sessions" },
        { "subscriber", "/request" },
        { "officer", "/" },
        { "officer", "/ra" },
        { "officer", "/ra/renewals" },
        { "officer", "/ra/entitlements" },
        { "officer", "/ra/ca-mail" },
        { "administrator", "/admin" },
        { "administrator", "/admin/renewals" },
        { "administrator", "/admin/organisations" },
        { "administrator", "/admin/officers" },
        { "administrator", "/admin/users" },
        { "administrator", "/admin/certificates" },
        { "administrator", "/admin/mail" },
        { "administrator", "/admin/mail/templates" },
        { "administrator", "/admin/mail/templates/mail/test" },
        { "administrator", "/admin/jobs" },
        { "administrator", "/admin/jobs/history-prune" },
        { "administrator", "/admin/audit" },
        { "administrator", "/admin/audit?text=nothing-like-it" },
        { null, "/acme" },
        { "subscriber", "/acme/orders" },
        { "owner", "/acme/namespaces" },
        { "owner", "/acme/keys" },
        { "owner", "/acme/orders" },
        { "officer", "/admin/acme/keys" },
        { "officer", "/admin/acme/namespaces" },
        { "administrator", "/admin/acme" },
        { "administrator", "/admin/acme/accounts" },
        { "administrator", "/admin/acme/orders" },
        { "administrator", "/admin/acme/keys/new" },
        { "owner", "/delegations" },
        { "owner", "/delegations/new" },
        { "owner", "/delegations/consumers/new" },
        { "administrator", "/delegations" },
        { "owner", "/star" },
        { "administrator", "/admin/star" },
        { "administrator", "/admin/star/outlook" },
        { "administrator", "/admin/acme/replace" },
        { "administrator", "/admin/mail/templates/acme/namespace-asked" },
        { "administrator", "/admin/mail/templates/renewal/not-entitled" },
        { "subscriber", "/registry" },
        { "owner", "/registry" },
        { "owner", "/registry/groups/new" },
        { "administrator", "/admin/registry" },
        { "administrator", "/admin/registry/resources" },
        { "administrator", "/admin/registry/outside" },
        { "administrator", "/admin/myproxy" },
        { "administrator", "/admin/myproxy/server" },
        { "administrator", "/admin/myproxy/mirror" },
        { null, "/demo/inbox" },
        { null, "/demo/clock" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_IsAccessibleFitsAndKeepsToItsPolicy(string? persona, string path)
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal);
        var complaints = Complaints(page);
        if (persona is not null) await MainJob.SignInAsync(page, fixture.Portal.PersonaOf(persona));
        foreach (var (viewport, dark) in Support.Browser.Looks)
        {
            await page.SetViewportSizeAsync(viewport.Width, viewport.Height);
            await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
            var answer = await page.GotoAsync(path);
            Assert.Equal(path == NoSuchPage ? 404 : 200, answer?.Status);
            Assert.Equal(1, await page.Locator("h1").CountAsync());
            await Support.Browser.RequireAccessibleAsync(page);
            await Support.Browser.RequireNoSidewaysScrollAsync(page);
        }

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Theme_IsSwitchedAndRemembered()
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal);
        await page.GotoAsync("/");
        var light = await BackgroundAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch between light and dark" }).ClickAsync();
        var dark = await BackgroundAsync(page);
        await page.ReloadAsync();

        Assert.NotEqual(light, dark);
        Assert.Equal(dark, await BackgroundAsync(page));
    }

    [Fact]
    public async Task SkipLink_IsTheFirstStop_AndLeadsToTheContent()
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal);
        await page.GotoAsync("/status");
        await page.EvaluateAsync("document.activeElement.blur()");
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to content", await page.EvaluateAsync<string>("document.activeElement.textContent"));
        await page.Keyboard.PressAsync("Enter");
        Assert.EndsWith("/status#content", page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WorksWithoutScripts()
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal, javaScript: false);
        await MainJob.SignInAsync(page, fixture.Portal.PersonaOf("subscriber"));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();
    }

    /// <summary>What the browser writes to its console: scripts that fail, and what the Content-Security-Policy stopped.</summary>
    private static List<string> Complaints(IPage page)
    {
        var complaints = new List<string>();
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error" && !message.Text.Contains("status of 404", StringComparison.Ordinal)) complaints.Add(message.Text);
        };
        return complaints;
    }

    private static Task<string> BackgroundAsync(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor");
}
