using Microsoft.Playwright;
using StarPortal.Tests.Delegation;

namespace StarPortal.Tests.Browser;

/// <summary>Delegation's pages in a real browser, in both themes and on both sizes, and the main path with a keyboard; pictures go to the folder that STARPORTAL_DELEGATION_LOOKS names.</summary>
[Trait("Category", "Browser")]
public sealed class DelegationLookTests(Support.Browser browser, DelegationPagesFixture fixture) : IClassFixture<Support.Browser>, IClassFixture<DelegationPagesFixture>
{
    [Fact]
    public async Task Pages_AreAccessibleAndFit()
    {
        var owner = await SignedInAsync("owner");
        var (one, two) = (await fixture.FindAsync("CDN One"), await fixture.FindAsync("CDN Two"));
        await RequireGoodAsync(owner, ("list", "/delegations"), ("new", "/delegations/new"), ("edit", $"/delegations/{one.Delegation}/edit"), ("delegation", $"/delegations/{one.Delegation}"),
            ("order", $"/delegations/orders/{one.Order}"), ("consumer", $"/delegations/consumers/{one.Consumer}"), ("new-consumer", "/delegations/consumers/new"));
        await owner.GotoAsync($"/delegations/orders/{two.Order}");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Cancel the order for good" }).ClickAsync();
        await Assertions.Expect(owner.Locator(".notice.good")).ToContainTextAsync("Canceled");
        await RequireGoodAsync(owner, ("order-canceled", $"/delegations/orders/{two.Order}"), ("delegation-canceled", $"/delegations/{two.Delegation}"));
    }

    /// <summary>Names, a preset, Enter in a field: what a person does who has the form before them.</summary>
    [Fact]
    public async Task Owner_Delegates_ByPresetAndEnter()
    {
        var owner = await SignedInAsync("owner");
        await owner.GotoAsync("/delegations/new");
        await owner.GetByLabel("Names", new() { Exact = true }).FillAsync("shop.observatory.localhost");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Web server, ECDSA P-256", Exact = true }).ClickAsync();
        await Assertions.Expect(owner.GetByLabel("Template", new() { Exact = true })).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("shop\\.observatory\\.localhost", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
        await owner.GetByLabel("An order lasts at most").FillAsync("60");
        await owner.GetByLabel("An order lasts at most").PressAsync("Enter");
        await Assertions.Expect(owner.Locator(".notice.good")).ToContainTextAsync("The delegation is in force.");
        await Assertions.Expect(owner.Locator("#terms ~ dl")).ToContainTextAsync("60 days");
    }

    private async Task<IPage> SignedInAsync(string role)
    {
        var page = await browser.OpenAsync(fixture.Portal);
        await MainJob.SignInAsync(page, fixture.Portal.PersonaOf(role));
        return page;
    }

    private static async Task RequireGoodAsync(IPage page, params (string Name, string Path)[] pages)
    {
        foreach (var (name, path) in pages)
        {
            foreach (var (viewport, dark) in Support.Browser.Looks)
            {
                await page.SetViewportSizeAsync(viewport.Width, viewport.Height);
                await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
                Assert.Equal(200, (await page.GotoAsync(path))?.Status);
                Assert.Equal(1, await page.Locator("h1").CountAsync());
                if (Environment.GetEnvironmentVariable("STARPORTAL_DELEGATION_LOOKS") is { } folder)
                    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(dark ? "phone" : "desktop")}.png"), FullPage = true });
                await Support.Browser.RequireAccessibleAsync(page);
                await Support.Browser.RequireNoSidewaysScrollAsync(page);
            }
        }
    }
}
