using Microsoft.Playwright;
using StarPortal.Tests.Star;

namespace StarPortal.Tests.Browser;

/// <summary>STAR's pages with orders in them, in a real browser, in both themes and on both sizes; pictures go to the folder that STARPORTAL_STAR_LOOKS names.</summary>
[Trait("Category", "Browser")]
public sealed class StarLookTests(Support.Browser browser, StarPagesFixture fixture) : IClassFixture<Support.Browser>, IClassFixture<StarPagesFixture>
{
    [Fact]
    public async Task Pages_AreAccessibleAndFit()
    {
        var (rolling, url) = await fixture.BeginAsync("rolling.lab.example.org");
        var (canceled, _) = await fixture.BeginAsync("canceled.lab.example.org");
        var owner = await SignedInAsync("owner");
        await WindAsync(owner, 40);
        (await fixture.Portal.Client.GetAsync(new Uri(url), TestContext.Current.CancellationToken)).Dispose();
        await owner.GotoAsync($"/star/{canceled}");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Cancel the order for good" }).ClickAsync();
        await Assertions.Expect(owner.Locator(".notice.good")).ToBeVisibleAsync();
        await RequireGoodAsync(owner, ("star-orders", "/star"), ("star-order", $"/star/{rolling}"), ("star-canceled", $"/star/{canceled}"));

        await WindAsync(owner, 150);
        await RequireGoodAsync(owner, ("star-ended", $"/star/{rolling}"));
        await fixture.BeginAsync("fresh.lab.example.org");
        var administrator = await SignedInAsync("administrator");
        await RequireGoodAsync(administrator, ("admin-star", "/admin/star"), ("admin-star-order", $"/admin/star/{rolling}"), ("admin-outlook", "/admin/star/outlook"), ("admin-acme", "/admin/acme"), ("acme", "/acme"));
    }

    /// <summary>Whoever has the page open sees the certificate roll while somebody else winds the clock.</summary>
    [Fact]
    public async Task OpenPage_FollowsTheClock()
    {
        var (id, _) = await fixture.BeginAsync("followed.lab.example.org");
        var (watching, winding) = (await SignedInAsync("owner"), await SignedInAsync("officer"));
        await watching.GotoAsync($"/star/{id}");
        await Assertions.Expect(watching.Locator("#timeline-words")).ToContainTextAsync("Certificate 1 of 28 is published");
        await WindAsync(winding, 4);
        await Assertions.Expect(watching.Locator("#timeline-words")).ToContainTextAsync("Certificate 2 of 28 is published");
    }

    private static async Task WindAsync(IPage page, int hours)
    {
        await page.GotoAsync("/demo/clock");
        await page.GetByLabel("Hours").FillAsync($"{hours}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Wind forward" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice").First).ToContainTextAsync("The clock was wound");
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
                if (Environment.GetEnvironmentVariable("STARPORTAL_STAR_LOOKS") is { } folder)
                    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(dark ? "phone" : "desktop")}.png"), FullPage = true });
                await Support.Browser.RequireAccessibleAsync(page);
                await Support.Browser.RequireNoSidewaysScrollAsync(page);
            }
        }
    }
}
