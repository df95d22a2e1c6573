using Microsoft.Playwright;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Browser;

/// <summary>
/// The pictures of the README: the main pages while the main job runs through them.
/// </summary>
[Trait("Category", "Browser")]
public sealed class ScreenshotTests(BrowserFixture fixture) : IClassFixture<BrowserFixture>, IDisposable
{
    private readonly PictureBook book = new();

    [Fact]
    public async Task MainPages_AreShown()
    {
        var person = await fixture.Browser.OpenAsync(fixture.Portal);
        await person.GotoAsync("/");
        await book.ShootAsync(person, "home");
        var request = await MainJob.AskAsync(person, "zoe", beforeSending: () => book.ShootAsync(person, "request"));
        await MainJob.ConfirmAsync(person, fixture.Portal, "zoe");
        await book.ShootAsync(person, "tracking");

        var officer = await fixture.Browser.OpenAsync(fixture.Portal);
        await MainJob.SignInAsync(officer, fixture.Portal.PersonaOf("officer"));
        await officer.GotoAsync("/ra");
        await officer.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await book.ShootAsync(officer, "queue");
        await officer.GotoAsync(await MainJob.DecisionLinkAsync(fixture.Portal, request));
        await book.ShootAsync(officer, "decision");
        await officer.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await officer.ArriveAsync("**done=approved");

        await MainJob.MailToAsync(fixture.Portal, "zoe@example.org", "/account");
        await MainJob.SignInAsync(person, "zoe", MainJob.Passphrase);
        await person.GotoAsync("/account");
        await person.GetByRole(AriaRole.Link, new() { Name = "Get it" }).First.ClickAsync();
        await person.ArriveAsync("**/account/certificates/*");
        await book.ShootAsync(person, "download");

        var administrator = await fixture.Browser.OpenAsync(fixture.Portal);
        await MainJob.SignInAsync(administrator, fixture.Portal.PersonaOf("administrator"));
        await administrator.GotoAsync("/admin");
        await book.ShootAsync(administrator, "admin");
        await administrator.GotoAsync("/status");
        await book.ShootAsync(administrator, "status");

        await person.GotoAsync("/acme?name=www.example.org");
        await book.ShootAsync(person, "acme");

        var owner = await fixture.Browser.OpenAsync(fixture.Portal);
        await MainJob.SignInAsync(owner, fixture.Portal.PersonaOf("owner"));
        await owner.GotoAsync("/delegations");
        await owner.Locator("main table a[href^='/delegations/']").First.ClickAsync();
        await owner.GetByRole(AriaRole.Heading, new() { Name = "Certificates over time" }).WaitForAsync();
        await book.ShootAsync(owner, "delegation");

        Assert.Equal(10 * 3, book.Count);
    }

    public void Dispose() => book.Dispose();
}
