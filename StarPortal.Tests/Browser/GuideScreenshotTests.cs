using Microsoft.Playwright;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Browser;

/// <summary>The pictures of docs/subscriber.md, docs/officer.md and docs/operating.md: what people and officers have after the first certificate.</summary>
[Trait("Category", "Browser")]
public sealed class GuideScreenshotTests : IAsyncLifetime
{
    private const string New = "copper meadow zeppelin nine";

    private readonly Support.Browser browser = new();
    private readonly PictureBook book = new();
    private PortalApplication portal = null!;

    /// <summary>Officers are asked about people at once.</summary>
    public async ValueTask InitializeAsync()
    {
        await browser.InitializeAsync();
        portal = await PortalApplication.StartAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["Renewal:EntitlementInterval"] = "60.00:00:01", ["Renewal:EntitlementNotice"] = "60.00:00:00" });
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        await browser.DisposeAsync();
        book.Dispose();
    }

    [Fact]
    public async Task GuidedPages_AreShown()
    {
        var (person, officer, administrator) = (await browser.OpenAsync(portal), await browser.OpenAsync(portal), await browser.OpenAsync(portal));
        await MainJob.SignInAsync(officer, portal.PersonaOf("officer"));
        await MainJob.SignInAsync(administrator, portal.PersonaOf("administrator"));
        var first = await IssueAsync(person, officer);

        var serial = await ShowPersonsPagesAsync(person);
        await ShootAsync(officer, "/ra/entitlements", "entitlements");
        await ShootAsync(officer, "/ra/renewals", "renewals");
        await ShootAsync(officer, "/ra/people/zoe", "removal");
        await ShootAsync(officer, $"/ra/certificates/{serial}/revoke", "revoke");
        await ShowRecoveryAsync(person, officer, first);
        await ShootAsync(administrator, "/admin/jobs", "jobs");

        Assert.Equal(9 * 2, book.Count);
    }

    private async Task<string> IssueAsync(IPage person, IPage officer)
    {
        var request = await MainJob.AskAsync(person, "zoe");
        await MainJob.ConfirmAsync(person, portal, "zoe");
        await officer.GotoAsync(await MainJob.DecisionLinkAsync(portal, request));
        await officer.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await officer.ArriveAsync("**done=approved");
        await MainJob.MailToAsync(portal, "zoe@example.org", "/account");
        return request;
    }

    /// <returns>The certificate's serial number.</returns>
    private async Task<string> ShowPersonsPagesAsync(IPage person)
    {
        await MainJob.SignInAsync(person, "zoe", MainJob.Passphrase);
        await ShootAsync(person, "/account", "account");
        var link = await person.GetByRole(AriaRole.Link, new() { Name = "Get it" }).First.GetAttributeAsync("href");
        var elsewhere = await browser.OpenAsync(portal);
        await MainJob.SignInAsync(elsewhere, "zoe", MainJob.Passphrase);
        await ShootAsync(person, "/account/sessions", "sessions");
        await ShootAsync(person, "/account/lost", "lost");
        return link!.Split('/')[^1].Split('?')[0];
    }

    /// <summary>A forgotten passphrase, up to the officer's card with the evidence of the first time.</summary>
    private async Task ShowRecoveryAsync(IPage person, IPage officer, string firstRequest)
    {
        await person.GotoAsync("/password/forgotten");
        await person.Locator("[name='Input.UserName']").FillAsync("zoe");
        await person.Locator("[name='Input.Passphrase']").FillAsync(New);
        await person.Locator("[name='Input.PassphraseAgain']").FillAsync(New);
        await person.Locator("main form button.primary").First.ClickAsync();
        var mail = await MainJob.MailToAsync(portal, "zoe@example.org", "/password/forgotten/");
        await person.GotoAsync(mail.LinkTo("/password/forgotten/").AbsoluteUri);
        await person.Locator("[name='Input.Passphrase']").FillAsync(New);
        await person.Locator("main form button.primary").First.ClickAsync();
        await portal.WaitForAsync(() => FindRecovery(firstRequest) is not null);
        await ShootAsync(officer, FindRecovery(firstRequest)!, "recovery");
    }

    private string? FindRecovery(string firstRequest) => portal.Mails.SelectMany(mail => mail.Links).Select(link => link.AbsolutePath)
        .LastOrDefault(path => path.StartsWith("/ra/requests/", StringComparison.Ordinal) && path != $"/ra{firstRequest}");

    private async Task ShootAsync(IPage page, string path, string name)
    {
        await page.GotoAsync(path);
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await book.ShootInLightAsync(page, name);
    }
}
