using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using StarPortal.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace StarPortal.Tests.Identity;

/// <summary>From the console's link to an administrator with a passkey, which Chromium's virtual authenticator makes and uses as a real one would.</summary>
[Trait("Category", "Browser")]
public sealed partial class FirstAdministratorPagesTests(Support.Browser browser) : IClassFixture<Support.Browser>
{
    [Fact]
    public async Task FirstAdministrator_ComesInByTheConsolesLink_SetsUpAPasskey_AndSignsInWithItAlone()
    {
        await using var portal = await PortalApplication.StartAsync(new Dictionary<string, string> { ["Portal:Demo"] = "false" });
        var link = SetupLink().Match(portal.Output).Value;
        await OpenManyTimesAsync(portal, link);
        var page = await browser.OpenAsync(portal);
        await AddVirtualAuthenticatorAsync(page);

        await page.GotoAsync(link);
        await FillSetupAsync(page);
        using (var again = await portal.Client.GetAsync(new Uri(link), TestContext.Current.CancellationToken)) Assert.Equal(HttpStatusCode.Gone, again.StatusCode);
        await page.GotoAsync("/admin");
        await Expect(page.GetByText("Your role needs a second factor")).ToBeVisibleAsync();

        await AddPasskeyAsync(page);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Administration");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();
        await page.GotoAsync("/admin");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Administration");

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByLabel("User name").FillAsync("ada");
        await page.GetByLabel("Passphrase").FillAsync(AccountSupport.Passphrase);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();
    }

    /// <summary>As mail scanners do: GET, HEAD, and a browser that runs every script of the page.</summary>
    private async Task OpenManyTimesAsync(PortalApplication portal, string link)
    {
        for (var i = 0; i < 3; i++)
        {
            using var get = await portal.Client.GetAsync(new Uri(link), TestContext.Current.CancellationToken);
            using var head = await portal.Client.SendAsync(new(HttpMethod.Head, link), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, get.StatusCode);
        }

        var visitor = await browser.OpenAsync(portal);
        await visitor.GotoAsync(link, new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Support.Browser.RequireAccessibleAsync(visitor);
        await visitor.Context.CloseAsync();
    }

    private static async Task FillSetupAsync(IPage page)
    {
        await page.GetByLabel("User name").FillAsync("ada");
        await page.GetByLabel("Full name").FillAsync("Ada Lindqvist");
        await page.GetByLabel("E-mail").FillAsync("ada@example.org");
        await page.GetByLabel("Passphrase", new() { Exact = true }).FillAsync(AccountSupport.Passphrase);
        await page.GetByLabel("Passphrase again").FillAsync(AccountSupport.Passphrase);
        await page.GetByRole(AriaRole.Button, new() { Name = "Become the administrator" }).ClickAsync();
        await page.ArriveAsync("**/account/security*");
    }

    private static async Task AddPasskeyAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByLabel("What do you call it?").FillAsync("Test key");
        await page.GetByLabel("Your passphrase").FillAsync("wrong passphrase here");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the passkey" }).ClickAsync();
        await Expect(page.Locator("[data-passkey-message]")).ToContainTextAsync("That is not the passphrase");
        await page.GetByLabel("Your passphrase").FillAsync(AccountSupport.Passphrase);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the passkey" }).ClickAsync();
        await Expect(page.GetByLabel("Recovery codes", new() { Exact = true }).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(10);
        await page.GetByRole(AriaRole.Link, new() { Name = "Done" }).ClickAsync();
    }

    private static async Task AddVirtualAuthenticatorAsync(IPage page)
    {
        var cdp = await page.Context.NewCDPSessionAsync(page);
        await cdp.SendAsync("WebAuthn.enable");
        await cdp.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    [GeneratedRegex(@"https://\S+/setup/\S+", RegexOptions.None, 1000)]
    private static partial Regex SetupLink();
}
