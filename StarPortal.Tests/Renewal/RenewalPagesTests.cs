using System.Net;
using StarPortal.Tests.Reliability;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Renewal;

/// <summary>The pages behind the mails: by a browser without scripts, by scanners, by axe.</summary>
[Trait("Category", "Browser")]
public sealed class RenewalPagesTests(Support.Browser browser) : IClassFixture<Support.Browser>
{
    [Fact]
    public async Task Life_OfALink_FromNoticeToNewCertificate_WithoutScripts()
    {
        await using var portal = await PortalApplication.StartAsync(new Dictionary<string, string>(LinkFixture.Settings.Append(RenewalScene.ShortLife), StringComparer.Ordinal));
        using var officer = new PlainBrowser(portal);
        await officer.SignInAsync(portal.PersonaOf("officer"));
        var (ada, bob) = (await RenewalScene.IssueAsync(portal, officer, "renewing"), await RenewalScene.IssueAsync(portal, officer, "declining"));
        await RenewalScene.WindAsync(officer, RenewalScene.UntilNotice);
        var (renew, decline) = (await ada.LinkAsync("renew"), await bob.LinkAsync("decline"));
        foreach (var link in (Uri[])[renew, decline]) Assert.Empty(await new LinkProbe(portal, browser).OpenInEveryWayAsync(link));
        await RequireAccessibleAsync(portal, renew, decline);

        Assert.Contains("not the passphrase", (await ada.RenewAsync(renew.ToString(), "not it at all")).Text, StringComparison.Ordinal);
        var form = PlainBrowser.Fill(await ada.Person.OpenAsync(renew.ToString()), "renew", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Passphrase"] = AskedRequest.Passphrase });
        foreach (var page in (HtmlPage[])[await ada.Person.SendAsync(form), await ada.Person.SendAsync(form)])
            Assert.True(page.Status is HttpStatusCode.OK && page.Text.Contains("Your certificate is renewed", StringComparison.Ordinal), page.Text);
        Assert.Equal(2, (await ada.CertificatesAsync()).Count);

        var declined = await bob.Person.SendAsync(decline.ToString(), "decline");
        Assert.Contains("You get no more mails about it", declined.Text, StringComparison.Ordinal);
        Assert.Contains("Taken back", (await bob.Person.SendAsync(decline.ToString(), "undo")).Text, StringComparison.Ordinal);
        await RequireAccessibleAsync(portal, renew, decline);
    }

    private async Task RequireAccessibleAsync(PortalApplication portal, params Uri[] links)
    {
        foreach (var link in links)
        {
            foreach (var (viewport, dark) in Support.Browser.Looks)
            {
                var page = await browser.OpenAsync(portal, viewport, dark);
                await page.GotoAsync(link.ToString());
                Assert.Equal(1, await page.Locator("h1").CountAsync());
                await Support.Browser.RequireAccessibleAsync(page);
                await Support.Browser.RequireNoSidewaysScrollAsync(page);
                await page.Context.CloseAsync();
            }
        }
    }
}
