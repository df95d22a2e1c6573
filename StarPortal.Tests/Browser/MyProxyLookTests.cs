using System.Net.Sockets;
using Microsoft.Playwright;
using StarPortal.Tests.MyProxy.Pages;

namespace StarPortal.Tests.Browser;

/// <summary>MyProxy's pages with credentials in them, in a real browser, in both themes and on both sizes; pictures go to the folder that STARPORTAL_MYPROXY_LOOKS names.</summary>
[Trait("Category", "Browser")]
public sealed class MyProxyLookTests(Support.Browser browser, MyProxyPagesFixture fixture) : IClassFixture<Support.Browser>, IClassFixture<MyProxyPagesFixture>
{
    [Fact]
    public async Task Pages_AreAccessibleAndFit()
    {
        var ready = await fixture.StoreAsync("subscriber", "subscriber");
        var locked = await fixture.StoreAsync("subscriber", "subscriber", credentialName: "renewable");
        var expired = await fixture.StoreAsync("old-" + new string('x', 1500), null, TimeSpan.FromDays(-3), lastUse: false);
        await fixture.StoreAsync("soon", null, TimeSpan.FromDays(5));
        var holder = await SignedInAsync("subscriber");
        await holder.GotoAsync($"/account/myproxy/{locked}");
        await holder.GetByLabel("Message").FillAsync("My laptop is gone: ask me before you use it.");
        await holder.GetByRole(AriaRole.Button, new() { Name = "Lock", Exact = true }).ClickAsync();
        await Assertions.Expect(holder.Locator(".notice.good")).ToBeVisibleAsync();
        await RequireGoodAsync(holder, ("account", "/account"), ("own-ready", $"/account/myproxy/{ready}"), ("own-locked", $"/account/myproxy/{locked}"));

        using var connected = new TcpClient("localhost", fixture.Portal.MyProxyPort);
        var administrator = await SignedInAsync("administrator");
        await RequireGoodAsync(administrator, ("admin", "/admin/myproxy"), ("admin-ready", $"/admin/myproxy/credentials/{ready}"), ("admin-locked", $"/admin/myproxy/credentials/{locked}"), ("admin-expired", $"/admin/myproxy/credentials/{expired}"), ("admin-server", "/admin/myproxy/server"));
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
                if (Environment.GetEnvironmentVariable("STARPORTAL_MYPROXY_LOOKS") is { } folder)
                    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{(dark ? "phone" : "desktop")}.png"), FullPage = true });
                await Support.Browser.RequireAccessibleAsync(page);
                await Support.Browser.RequireNoSidewaysScrollAsync(page);
            }
        }
    }
}
