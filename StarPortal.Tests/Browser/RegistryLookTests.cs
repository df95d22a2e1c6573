using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using StarPortal.Core.Registry;

namespace StarPortal.Tests.Browser;

/// <summary>The registry's pages of one resource and one group in a real browser, in both themes and on both sizes, and the main path with a keyboard.</summary>
[Trait("Category", "Browser")]
public sealed class RegistryLookTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_AreAccessibleAndFit()
    {
        await using var db = fixture.Portal.NewDb();
        var resources = await db.RegistryResources.OrderBy(row => row.Name).Select(row => row.Id).ToListAsync(Ct);
        var group = await db.RegistryGroups.Select(row => row.Id).SingleAsync(Ct);
        foreach (var persona in (string[])["owner", "administrator"])
        {
            var page = await SignedInAsync(persona);
            string[] paths = persona == "owner" ? [$"/registry/resources/{resources[0]}", $"/registry/resources/{resources[1]}", $"/registry/groups/{group}"] : [$"/registry/resources/{resources[1]}"];
            foreach (var path in paths) await RequireGoodAsync(page, path);
        }
    }

    /// <summary>Asked for and granted by Tab and Enter alone.</summary>
    [Fact]
    public async Task Owner_GrantsWithTheKeyboard()
    {
        var owner = await SignedInAsync("owner");
        await using var db = fixture.Portal.NewDb();
        var mdsplus = await db.RegistryResources.Where(row => row.Name == "mdsplus").Select(row => row.Id).SingleAsync(Ct);
        await owner.GotoAsync($"/registry/resources/{mdsplus}");
        var name = owner.GetByLabel("User name");
        await name.FocusAsync();
        await owner.Keyboard.TypeAsync("subscriber");
        await owner.Keyboard.PressAsync("Tab");
        await owner.Keyboard.TypeAsync("sam");
        await owner.Keyboard.PressAsync("Enter");
        await Assertions.Expect(owner.Locator(".notice.good")).ToContainTextAsync("Granted.");
        await Assertions.Expect(owner.GetByRole(AriaRole.Region, new() { Name = "Permissions" })).ToContainTextAsync("sam");
    }

    private async Task<IPage> SignedInAsync(string persona)
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal);
        await MainJob.SignInAsync(page, fixture.Portal.PersonaOf(persona));
        return page;
    }

    private static async Task RequireGoodAsync(IPage page, string path)
    {
        foreach (var (viewport, dark) in Support.Browser.Looks)
        {
            await page.SetViewportSizeAsync(viewport.Width, viewport.Height);
            await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
            Assert.Equal(200, (await page.GotoAsync(path))?.Status);
            Assert.Equal(1, await page.Locator("h1").CountAsync());
            await Support.Browser.RequireAccessibleAsync(page);
            await Support.Browser.RequireNoSidewaysScrollAsync(page);
        }
    }
}
