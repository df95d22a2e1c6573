using System.Net;
using Microsoft.Playwright;
using StarPortal.Tests.Acme;

namespace StarPortal.Tests.Browser;

/// <summary>ACME's pages with something in them, as they come out of a real browser, in both themes and on both sizes.</summary>
[Trait("Category", "Browser")]
public sealed class AcmeLookTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task Pages_AreAccessibleAndFit()
    {
        var (account, order) = await PlaceOrderAsync();
        var administrator = await SignedInAsync("administrator");
        await RequireGoodAsync(administrator, "/acme", "/acme?name=wrong..name", "/status", "/admin/acme", "/admin/acme/accounts", $"/admin/acme/accounts/{account}", "/admin/acme/orders?account=wrong", "/admin/acme/orders",
            $"/admin/acme/orders/{order}", "/admin/acme/keys", "/admin/acme/keys/new", "/admin/acme/namespaces", "/admin/acme/replace", $"/admin/acme/replace?scope=account&account={account}&hours=6&review=true");

        var owner = await SignedInAsync("owner");
        await owner.GotoAsync("/acme/namespaces");
        await owner.GetByRole(AriaRole.Textbox, new() { Name = "Domain" }).FillAsync("looks.example.org");
        await owner.GetByRole(AriaRole.Button, new() { Name = "Ask", Exact = true }).ClickAsync();
        await Assertions.Expect(owner.Locator(".notice.good")).ToBeVisibleAsync();
        await RequireGoodAsync(owner, "/acme/namespaces", "/acme/keys", "/acme/orders");
    }

    [Fact]
    public async Task Command_IsCopied()
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GotoAsync("/acme");
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy: Get a certificate" }).First.ClickAsync();
        Assert.Contains("certonly --standalone", await page.EvaluateAsync<string>("navigator.clipboard.readText()"), StringComparison.Ordinal);
    }

    /// <summary>An order whose challenge fails: no such name.</summary>
    private async Task<(Guid Account, Guid Order)> PlaceOrderAsync()
    {
        using var client = new AcmeClient(fixture.Portal.Client);
        await client.RegisterAsync();
        var order = await client.PostAsync(await client.UrlOfAsync("newOrder"), new System.Text.Json.Nodes.JsonObject
        {
            ["identifiers"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["type"] = "dns", ["value"] = "www.looks.invalid" }),
        });
        Assert.Equal(HttpStatusCode.Created, order.Status);
        return (IdOf(client.AccountUrl!), IdOf(order.Location!));
    }

    private static Guid IdOf(string url) => Guid.Parse(url[(url.LastIndexOf('/') + 1)..]);

    private async Task<IPage> SignedInAsync(string role)
    {
        var page = await fixture.Browser.OpenAsync(fixture.Portal);
        await MainJob.SignInAsync(page, fixture.Portal.PersonaOf(role));
        return page;
    }

    private static async Task RequireGoodAsync(IPage page, params string[] paths)
    {
        foreach (var path in paths)
        {
            foreach (var (viewport, dark) in Support.Browser.Looks)
            {
                await page.SetViewportSizeAsync(viewport.Width, viewport.Height);
                await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
                Assert.Equal(200, (await page.GotoAsync(path))?.Status); // afresh: no colour is on its way from one theme to the other
                Assert.Equal(1, await page.Locator("h1").CountAsync());
                await Support.Browser.RequireAccessibleAsync(page);
                await Support.Browser.RequireNoSidewaysScrollAsync(page);
            }
        }
    }
}
