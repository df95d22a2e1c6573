using Microsoft.Playwright;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

/// <summary>The inventory's pages in a real browser, against the real application, whose own HTTPS certificate is in the list.</summary>
[Trait("Category", "Browser")]
public sealed class CertificatePagesTests(Support.Browser browser) : IClassFixture<Support.Browser>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Administrator_FindsACertificateAndReadsIt_OnDesktopAndPhone(bool isDesktop)
    {
        await using var portal = await PortalApplication.StartAsync();
        var page = await OpenAsync(portal, isDesktop ? Support.Browser.Desktop : Support.Browser.Phone);
        await page.GotoAsync("/admin/certificates");
        await RequireGoodAsync(page);

        await page.GetByLabel("Search", new() { Exact = true }).FillAsync("LOCALHOST");
        await page.GetByLabel("Profile").SelectOptionAsync("host");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "CN=localhost" }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Certificate");
        await Assertions.Expect(page.Locator(".chip").First).ToHaveTextAsync("Valid");
        await page.GetByText("The whole certificate in words").ClickAsync();
        await Assertions.Expect(page.GetByText("X509v3 Extended Key Usage").First).ToBeVisibleAsync();
        await RequireGoodAsync(page);
    }

    [Fact]
    public async Task Page_SaysThatThereIsNone_WhenTheSerialNumberIsWrong()
    {
        await using var portal = await PortalApplication.StartAsync();
        var page = await OpenAsync(portal, Support.Browser.Desktop);
        var answer = await page.GotoAsync("/admin/certificates/00ff");
        Assert.Equal(404, answer!.Status);
        Assert.Equal(1, await page.Locator("h1").CountAsync());
    }

    private async Task<IPage> OpenAsync(PortalApplication portal, ViewportSize viewport)
    {
        var page = await browser.OpenAsync(portal, viewport);
        var (userName, password) = portal.PersonaOf("administrator");
        await page.GotoAsync("/account/sign-in");
        await page.GetByLabel("User name").FillAsync(userName);
        await page.GetByRole(AriaRole.Textbox, new() { Name = "Passphrase" }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        return page;
    }

    private static async Task RequireGoodAsync(IPage page)
    {
        Assert.Equal(1, await page.Locator("h1").CountAsync());
        await Support.Browser.RequireAccessibleAsync(page);
        await Support.Browser.RequireNoSidewaysScrollAsync(page);
    }
}
