using Microsoft.Playwright;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Browser;

/// <summary>
/// The pictures of the README: the main pages while the main job runs through them. Written to the folder that STARPORTAL_SCREENSHOTS names
/// (docs/screenshots.sh does), otherwise to a temporary one.
/// </summary>
[Trait("Category", "Browser")]
public sealed class ScreenshotTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IDisposable
{
    private readonly TestFolder unused = new();

    private string Folder => Environment.GetEnvironmentVariable("STARPORTAL_SCREENSHOTS") ?? unused.FullPath;

    [Fact]
    public async Task MainPages_AreShown()
    {
        var person = await fixture.Browser.OpenAsync(fixture.Portal);
        await person.GotoAsync("/");
        await ShootAsync(person, "home");
        var request = await MainJob.AskAsync(person, "zoe", beforeSending: () => ShootAsync(person, "request"));
        await MainJob.ConfirmAsync(person, fixture.Portal, "zoe");
        await ShootAsync(person, "tracking");

        var officer = await fixture.Browser.OpenAsync(fixture.Portal);
        await MainJob.SignInAsync(officer, fixture.Portal.PersonaOf("officer"));
        await officer.GotoAsync("/ra");
        await officer.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await ShootAsync(officer, "queue");
        await officer.GotoAsync(await MainJob.DecisionLinkAsync(fixture.Portal, request));
        await ShootAsync(officer, "decision");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await officer.ArriveAsync("**done=approved");

        await MainJob.MailToAsync(fixture.Portal, "zoe@example.org", "/account");
        await MainJob.SignInAsync(person, "zoe", MainJob.Passphrase);
        await person.GotoAsync("/account");
        await person.GetByRole(AriaRole.Link, new() { Name = "Get it" }).First.ClickAsync();
        await person.ArriveAsync("**/account/certificates/*");
        await ShootAsync(person, "download");

        var administrator = await fixture.Browser.OpenAsync(fixture.Portal);
        await MainJob.SignInAsync(administrator, fixture.Portal.PersonaOf("administrator"));
        await administrator.GotoAsync("/admin");
        await ShootAsync(administrator, "admin");
        await administrator.GotoAsync("/status");
        await ShootAsync(administrator, "status");

        await person.GotoAsync("/acme?name=www.example.org");
        await ShootAsync(person, "acme");

        var owner = await fixture.Browser.OpenAsync(fixture.Portal);
        await MainJob.SignInAsync(owner, fixture.Portal.PersonaOf("owner"));
        await owner.GotoAsync("/delegations");
        await owner.Locator("main table a[href^='/delegations/']").First.ClickAsync();
        await owner.GetByRole(AriaRole.Heading, new() { Name = "Certificates over time" }).WaitForAsync();
        await ShootAsync(owner, "delegation");

        Assert.Equal(10 * 3, Directory.EnumerateFiles(Folder, "*.png").Count());
    }

    public void Dispose() => unused.Dispose();

    /// <summary>Desktop in light and dark, phone in light: name-light.png, name-dark.png, name-phone.png.</summary>
    private async Task ShootAsync(IPage page, string name)
    {
        await ShootAsync(page, $"{name}-dark", Support.Browser.Desktop, ColorScheme.Dark);
        await ShootAsync(page, $"{name}-phone", Support.Browser.Phone, ColorScheme.Light);
        await ShootAsync(page, $"{name}-light", Support.Browser.Desktop, ColorScheme.Light);
    }

    private async Task ShootAsync(IPage page, string file, ViewportSize viewport, ColorScheme theme)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = theme, ReducedMotion = ReducedMotion.Reduce });
        await page.SetViewportSizeAsync(viewport.Width, viewport.Height);
        await page.EvaluateAsync("scrollTo(0, 0)");
        await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{file}.png"), Animations = ScreenshotAnimations.Disabled });
    }
}
