using System.Net;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>STAR's pages over HTTP, without scripts: who may open them, cancellation, the wound clock.</summary>
[Trait("Category", "Unit")]
public sealed class StarPagesTests(StarPagesFixture fixture) : IClassFixture<StarPagesFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/star", "owner,subscriber,officer,administrator")]
    [InlineData("/admin/star", "administrator")]
    [InlineData("/admin/star/outlook", "administrator")]
    public async Task Page_IsForThoseRolesOnly(string path, string roles)
    {
        foreach (var role in new[] { "owner", "subscriber", "officer", "administrator" })
        {
            using var browser = await SignedInAsync(role);
            var isRefused = (await browser.OpenAsync(path)).Document.QuerySelector("h1")?.TextContent == "Not for this account";
            Assert.True(isRefused != roles.Split(',').Contains(role, StringComparer.Ordinal), $"{role} at {path}");
        }

        using var stranger = new PlainBrowser(fixture.Portal);
        Assert.Equal("/account/sign-in", (await stranger.OpenAsync(path)).Address.AbsolutePath);
    }

    [Fact]
    public async Task Order_IsThereForItsOwner_AndNotFoundForOthers()
    {
        var (id, url) = await fixture.BeginAsync("mine.lab.example.org");
        using var owner = await SignedInAsync("owner");
        var list = await owner.OpenAsync("/star?q=mine");
        Assert.Equal($"/star/{id}", list.Document.QuerySelector("tbody a")?.GetAttribute("href"));
        var page = await owner.OpenAsync($"/star/{id}");
        Assert.Contains("Certificate 1 of 28 is published", page.Text, StringComparison.Ordinal);
        Assert.Contains(page.Document.QuerySelectorAll("pre"), block => block.TextContent.StartsWith($"starportal star fetch {url}", StringComparison.Ordinal));
        Assert.NotNull(page.Document.QuerySelector("svg.timeline[role=img] rect.published"));

        using var subscriber = await SignedInAsync("subscriber");
        Assert.Equal(HttpStatusCode.NotFound, (await subscriber.OpenAsync($"/star/{id}")).Status);
        Assert.DoesNotContain("mine.lab", (await subscriber.OpenAsync("/star")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/star/11111111-1111-1111-1111-111111111111")]
    [InlineData("/star/none")]
    [InlineData("/admin/star/11111111-1111-1111-1111-111111111111")]
    public async Task WhatDoesNotExist_IsNotFound(string path)
    {
        using var browser = await SignedInAsync("administrator");
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(path)).Status);
    }

    [Fact]
    public async Task Owner_Cancels_ByThePostAlone()
    {
        var (id, url) = await fixture.BeginAsync("ends.lab.example.org");
        using var owner = await SignedInAsync("owner");
        foreach (var question in new[] { "", "?done=canceled", "?_handler=cancel-star", "?handler=cancel-star&Input.Reason=x" })
            Assert.NotNull((await owner.OpenAsync($"/star/{id}{question}")).FindForm("cancel-star"));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(url));

        var canceled = await owner.SendAsync($"/star/{id}", "cancel-star", Values(("Input.Reason", "the house moves")));
        Assert.Contains("the house moves", canceled.Text, StringComparison.Ordinal);
        Assert.Null(canceled.FindForm("cancel-star"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOfAsync(url));
    }

    [Fact]
    public async Task Cancellation_WithoutItsTokenOrFromSomebodyElse_DoesNothing()
    {
        var (id, url) = await fixture.BeginAsync("stays.lab.example.org");
        using var owner = await SignedInAsync("owner");
        var form = PlainBrowser.Fill(await owner.OpenAsync($"/star/{id}"), "cancel-star");
        var withoutToken = form with { Values = [.. form.Values.Where(value => value.Key != "__RequestVerificationToken")] };
        Assert.NotEqual(form.Values.Count, withoutToken.Values.Count);
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.SendAsync(withoutToken)).Status);

        using var subscriber = await SignedInAsync("subscriber");
        Assert.NotEqual(HttpStatusCode.OK, (await subscriber.SendAsync(form)).Status);
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(url));
    }

    [Fact]
    public async Task Administrator_FindsAnyOrder_AndCancelsIt_WithAReason()
    {
        var (id, url) = await fixture.BeginAsync("any.lab.example.org", isOwners: false);
        using var administrator = await SignedInAsync("administrator");
        var address = (await administrator.OpenAsync("/admin/star?q=any.lab&state=Active")).Document.QuerySelector("tbody a")!.GetAttribute("href")!;
        Assert.Equal($"/admin/star/{id}", address);
        Assert.NotNull((await administrator.SendAsync(address, "cancel-star", Values(("Input.Reason", " ")))).Document.QuerySelector("#Reason-error"));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(url));

        Assert.Contains("a misuse", (await administrator.SendAsync(address, "cancel-star", Values(("Input.Reason", "a misuse")))).Text, StringComparison.Ordinal);
        Assert.Contains("StarOrderCanceled", (await administrator.OpenAsync($"/admin/audit?about=acme-order/{id}")).Text, StringComparison.Ordinal);
    }

    /// <summary>A week of certificates of six hours, on foot.</summary>
    [Fact]
    public async Task WoundClock_RollsTheCertificate_EachAtItsTime()
    {
        await using var portal = await StarPagesFixture.StartAsync();
        var (id, url) = await StarPagesFixture.BeginAsync(portal, "rolls.lab.example.org");
        using var owner = new PlainBrowser(portal);
        await owner.SignInAsync(portal.PersonaOf("owner"));
        await owner.SendAsync("/demo/clock", "wind", Values(("Input.Hours", "154")));

        var page = await owner.OpenAsync($"/star/{id}");
        Assert.Contains("Certificate 27 of 28 is published", page.Text, StringComparison.Ordinal);
        Assert.Equal(5, page.Document.QuerySelectorAll("tbody td:nth-child(5)").Count(cell => cell.TextContent.Contains("on time", StringComparison.Ordinal)));
        using var answer = await portal.Client.GetAsync(new Uri(url), Ct);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Outlook_ShowsTheDay_AsBarsAndAsATable()
    {
        await fixture.BeginAsync("load.lab.example.org");
        using var administrator = await SignedInAsync("administrator");
        var page = await administrator.OpenAsync("/admin/star/outlook");
        Assert.Equal((24, 24), (page.Document.QuerySelectorAll("svg.load rect").Length, page.Document.QuerySelectorAll("#outlook tbody tr").Length));
        Assert.Contains("Worked out order by order", page.Text, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> StatusOfAsync(string url)
    {
        using var answer = await fixture.Portal.Client.GetAsync(new Uri(url), Ct);
        return answer.StatusCode;
    }

    private async Task<PlainBrowser> SignedInAsync(string role)
    {
        var browser = new PlainBrowser(fixture.Portal);
        await browser.SignInAsync(fixture.Portal.PersonaOf(role));
        return browser;
    }

    private static Dictionary<string, string> Values(params (string Name, string Value)[] values) => values.ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal);
}
