using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Delegation;
using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>The owner's pages over HTTP, without scripts: who may open them, what was typed stays, forms, cancel.</summary>
[Trait("Category", "Unit")]
public sealed class DelegationPagesTests(DelegationPagesFixture fixture) : IClassFixture<DelegationPagesFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/delegations", "owner,administrator")]
    [InlineData("/delegations/new", "owner")]
    [InlineData("/delegations/consumers/new", "owner")]
    public async Task Page_IsForThoseRolesOnly(string path, string roles)
    {
        foreach (var role in new[] { "owner", "subscriber", "officer", "administrator" })
        {
            using var browser = await fixture.SignedInAsync(role);
            var isRefused = (await browser.OpenAsync(path)).Document.QuerySelector("h1")?.TextContent == "Not for this account";
            Assert.True(isRefused != roles.Split(',').Contains(role, StringComparer.Ordinal), $"{role} at {path}");
        }

        using var stranger = new PlainBrowser(fixture.Portal);
        Assert.Equal("/account/sign-in", (await stranger.OpenAsync(path)).Address.AbsolutePath);
    }

    [Theory]
    [InlineData("/delegations/11111111-1111-1111-1111-111111111111")]
    [InlineData("/delegations/11111111-1111-1111-1111-111111111111/edit")]
    [InlineData("/delegations/orders/11111111-1111-1111-1111-111111111111")]
    [InlineData("/delegations/consumers/11111111-1111-1111-1111-111111111111")]
    [InlineData("/delegations/none")]
    public async Task WhatDoesNotExist_IsNotFound(string path)
    {
        using var browser = await fixture.SignedInAsync("owner");
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(path)).Status);
    }

    [Fact]
    public async Task Demo_HasTwoCdnsWithCertificatesForOneName()
    {
        using var owner = await fixture.SignedInAsync("owner");
        var list = await owner.OpenAsync("/delegations");
        foreach (var cdn in new[] { "CDN One", "CDN Two" })
        {
            var (order, delegation, consumer) = await fixture.FindAsync(cdn);
            Assert.NotNull(list.Document.QuerySelector($"a[href='/delegations/{delegation}']"));
            Assert.NotNull(list.Document.QuerySelector($"a[href='/delegations/consumers/{consumer}']"));
            var page = await owner.OpenAsync($"/delegations/{delegation}");
            Assert.NotNull(page.Document.QuerySelector("svg.timeline[role=img] rect.published"));
            Assert.NotNull(page.Document.QuerySelector($"a[href='/delegations/orders/{order}']"));
            Assert.Contains($"-u {consumer:N}:TOKEN", page.Text, StringComparison.Ordinal);
            Assert.Contains("Delegated order issued", page.Text, StringComparison.Ordinal);
            Assert.Equal("Fetches per day", page.Document.QuerySelector("#fetches")?.TextContent); // A picture, its sum in words, and its figures in a table.
            Assert.Equal(FetchDay.Shown, page.Document.QuerySelectorAll("figure[aria-labelledby=fetches] details tbody tr").Length);
            Assert.Contains("in the last 30 days", page.Text, StringComparison.Ordinal);
            Assert.Contains("Certificate 1 of", (await owner.OpenAsync($"/delegations/orders/{order}")).Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Preset_FillsTheTemplateFromTheNames_AndSavesNothing()
    {
        using var owner = await fixture.SignedInAsync("owner");
        var before = await CountAsync();
        var filled = await owner.SendAsync("/delegations/new", "new-delegation", Values(("Input.Names", "api.observatory.localhost"), ("Input.MaxLifetime", "many"), ("Input.Act", "preset:web-strong")));
        Assert.Contains("secp384r1", ValueOf(filled, "Template"), StringComparison.Ordinal);
        Assert.Contains("api.observatory.localhost", ValueOf(filled, "Template"), StringComparison.Ordinal);
        Assert.Equal("many", filled.Document.QuerySelector("#MaxLifetime")?.GetAttribute("value"));
        Assert.Equal(before, await CountAsync());

        var nameless = await owner.SendAsync("/delegations/new", "new-delegation", Values(("Input.Act", "preset:web-strong")));
        Assert.NotNull(nameless.Document.QuerySelector("#Names-error"));
    }

    [Fact]
    public async Task Findings_HaveTheirLines()
    {
        const string template = "{\n  \"keyTypes\": [],\n  \"extensions\": {\n    \"subjectAltName\": { \"DNS\": [\"api.observatory.localhost\"] },\n    \"nonsense\": 1\n  }\n}";
        using var owner = await fixture.SignedInAsync("owner");
        var page = await owner.SendAsync("/delegations/new", "new-delegation", Values(("Input.Names", "api.observatory.localhost"), ("Input.Template", template), ("Input.Act", "check")));
        var findings = page.Document.QuerySelector("#findings")!.TextContent;
        Assert.Contains("Line 2, error", findings, StringComparison.Ordinal);
        Assert.Contains("Line 5, error", findings, StringComparison.Ordinal);
        Assert.Equal(template, ValueOf(page, "Template").ReplaceLineEndings("\n").Trim());
    }

    [Theory]
    [InlineData("Input.Names", "www.example.com", "#Names-error")]
    [InlineData("Input.Names", "no name", "#Names-error")]
    [InlineData("Input.Template", "{ \"keyTypes\": ", "#Template-error")]
    [InlineData("Input.Template", " ", "#Template-error")]
    [InlineData("Input.MaxLifetime", "-1", "#MaxLifetime-error")]
    [InlineData("Input.MaxLifetime", "99999999999", "#MaxLifetime-error")]
    [InlineData("Input.MaxValidity", "<b>", "#MaxValidity-error")]
    [InlineData("Input.CnameMap", "one two three", "#CnameMap-error")]
    [InlineData("Input.CnameMap", "other.observatory.localhost cdn.example.net", "#CnameMap-error")]
    [InlineData("Input.Upstream", "nobody", "#Upstream-error")]
    [InlineData("Input.Approval", "7", "#Approval-error")]
    [InlineData("Input.Consumer", "11111111-1111-1111-1111-111111111111", "#Consumer-error")]
    public async Task BadInput_IsSaidBesideItsField_AndKeepsWhatWasTyped(string field, string typed, string error)
    {
        using var owner = await fixture.SignedInAsync("owner");
        var before = await CountAsync();
        var page = await owner.SendAsync("/delegations/new", "new-delegation", Values(
            [.. Good().Where(value => value.Name != field), ("Input.CnameMap", "api.observatory.localhost cdn.example.net"), (field, typed)]));
        Assert.NotNull(page.Document.QuerySelector(error));
        Assert.Equal(before, await CountAsync());
        Assert.Contains("api.observatory.localhost", ValueOf(page, field == "Input.Names" ? "Template" : "Names"), StringComparison.Ordinal);
        if (page.Document.QuerySelector($"[name='{field}']") is AngleSharp.Html.Dom.IHtmlSelectElement) return;
        Assert.Equal(typed.Trim(), ValueOf(page, field["Input.".Length..]).Trim());
    }

    [Fact]
    public async Task Owner_WritesDownAConsumer_Delegates_ApprovesAndCancels()
    {
        using var owner = await fixture.SignedInAsync("owner");
        var consumer = await owner.SendAsync("/delegations/consumers/new", "new-consumer", Values(("Input.Name", "CDN Three")));
        var made = await owner.SendAsync(consumer.Address.AbsolutePath, "add-token");
        var token = made.Document.QuerySelector(".copyable code")!.TextContent;
        Assert.DoesNotContain(token, (await owner.OpenAsync(consumer.Address.AbsolutePath)).Source, StringComparison.Ordinal);

        var page = await owner.SendAsync("/delegations/new", "new-delegation", Values(
            [.. Good().Where(value => value.Name is not ("Input.Consumer" or "Input.Approval")), ("Input.Consumer", consumer.Address.Segments[^1]), ("Input.Approval", "Person")]));
        Assert.Contains("The delegation is in force.", page.Text, StringComparison.Ordinal);
        var delegation = page.Address.AbsolutePath;
        await RegisterAsync(consumer.Address.Segments[^1], token);
        var waiting = await owner.OpenAsync(delegation);
        var order = waiting.Document.QuerySelector("section[aria-labelledby=waiting] a")!.GetAttribute("href")!;
        Assert.Contains("Approved", (await owner.SendAsync(delegation, $"approve-{Guid.Parse(order[(order.LastIndexOf('/') + 1)..])}")).Text, StringComparison.Ordinal);

        var canceled = await owner.SendAsync(order, "cancel-order", Values(("Cancellation.Reason", "moved away")));
        Assert.Contains("moved away", canceled.Text, StringComparison.Ordinal);
        Assert.Null(canceled.FindForm("cancel-order"));
    }

    [Fact]
    public async Task Edit_ChangesTheTerms_AndKeepsWhatWasTypedOnAnError()
    {
        var (_, delegation, _) = await fixture.FindAsync("CDN Two");
        using var owner = await fixture.SignedInAsync("owner");
        var path = $"/delegations/{delegation}/edit";
        var bad = await owner.SendAsync(path, "edit-delegation", Values(("Input.MaxValidity", "0"), ("Input.MaxLifetime", "31")));
        Assert.NotNull(bad.Document.QuerySelector("#MaxValidity-error"));
        Assert.Equal("31", bad.Document.QuerySelector("#MaxLifetime")!.GetAttribute("value"));
        var changed = await owner.SendAsync(path, "edit-delegation", Values(("Input.MaxLifetime", "31"), ("Input.CnameMap", $"{DelegationPagesFixture.Name} cdn.example.net")));
        Assert.Contains("Changed, for what is asked from now on.", changed.Text, StringComparison.Ordinal);
        Assert.Contains("31 days", changed.Text, StringComparison.Ordinal);
        Assert.Contains("→ cdn.example.net", changed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PauseAndResume_AreByPostAlone()
    {
        var (_, delegation, _) = await fixture.FindAsync("CDN One");
        using var owner = await fixture.SignedInAsync("owner");
        foreach (var question in new[] { "", "?_handler=pause", "?handler=pause" }) Assert.NotNull((await owner.OpenAsync($"/delegations/{delegation}{question}")).FindForm("pause"));
        Assert.NotNull((await owner.SendAsync($"/delegations/{delegation}", "pause")).FindForm("resume"));
        Assert.NotNull((await owner.SendAsync($"/delegations/{delegation}", "resume")).FindForm("pause"));
    }

    [Fact]
    public async Task Cancellation_WithoutItsTokenOrFromSomebodyElse_DoesNothing()
    {
        var (order, _, _) = await fixture.FindAsync("CDN One");
        using var owner = await fixture.SignedInAsync("owner");
        var form = PlainBrowser.Fill(await owner.OpenAsync($"/delegations/orders/{order}"), "cancel-order");
        var withoutToken = form with { Values = [.. form.Values.Where(value => value.Key != "__RequestVerificationToken")] };
        Assert.Equal(HttpStatusCode.BadRequest, (await owner.SendAsync(withoutToken)).Status);
        using var subscriber = await fixture.SignedInAsync("subscriber");
        Assert.Equal("Not for this account", (await subscriber.SendAsync(form)).Document.QuerySelector("h1")?.TextContent);
        Assert.NotNull((await owner.OpenAsync($"/delegations/orders/{order}")).FindForm("cancel-order"));
    }

    [Fact]
    public async Task Credentials_AreAddedAndRevoked_AndBadOnesKeepTheirText()
    {
        var (_, _, consumer) = await fixture.FindAsync("CDN Two");
        var path = $"/delegations/consumers/{consumer}";
        using var owner = await fixture.SignedInAsync("owner");
        var bad = await owner.SendAsync(path, "add-certificate", Values(("Input.Certificate", "-----BEGIN NONSENSE-----")));
        Assert.NotNull(bad.Document.QuerySelector("#Certificate-error"));
        Assert.Equal("-----BEGIN NONSENSE-----", ValueOf(bad, "Certificate"));

        var key = await owner.SendAsync(path, "add-key");
        Assert.Contains("--eab-hmac-key", key.Text, StringComparison.Ordinal);
        Assert.Contains($"{fixture.Portal.BaseUrl}delegation/directory", key.Text, StringComparison.Ordinal);
        var page = await owner.OpenAsync(path);
        var revoke = page.Document.QuerySelectorAll("form").SelectMany(form => form.QuerySelectorAll("input[name=_handler]")).Select(input => input.GetAttribute("value")!).First(name => name.StartsWith("revoke-", StringComparison.Ordinal));
        Assert.Contains("Revoked: nobody is let in", (await owner.SendAsync(path, revoke)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Administrator_SeesEverybodys()
    {
        var (order, delegation, consumer) = await fixture.FindAsync("CDN Two");
        using var administrator = await fixture.SignedInAsync("administrator");
        Assert.NotNull((await administrator.OpenAsync("/delegations")).Document.QuerySelector($"a[href='/delegations/{delegation}']"));
        foreach (var path in new[] { $"/delegations/{delegation}", $"/delegations/orders/{order}", $"/delegations/consumers/{consumer}" })
            Assert.Equal(HttpStatusCode.OK, (await administrator.OpenAsync(path)).Status);
        Assert.NotNull((await administrator.OpenAsync($"/delegations/orders/{order}")).FindForm("cancel-order"));
    }

    private static (string Name, string Value)[] Good()
    {
        const string name = "api.observatory.localhost";
        return [("Input.Names", name), ("Input.Template", CsrTemplatePreset.All[0].Fill([name]).ToJson()), ("Input.MaxLifetime", "30"), ("Input.MaxValidity", "24"), ("Input.Consumer", ""), ("Input.Upstream", "local"), ("Input.Approval", "Automatic")];
    }

    private async Task RegisterAsync(string consumer, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/star/registration") { Content = JsonContent.Create(DelegationScene.Registration(DelegationScene.Csr("api.observatory.localhost"))) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Guid.Parse(consumer):N}:{token}")));
        using var answer = await fixture.Portal.Client.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    private async Task<int> CountAsync()
    {
        await using var db = fixture.Portal.NewDb();
        return await db.NameDelegations.CountAsync(Ct);
    }

    private static string ValueOf(HtmlPage page, string id) => page.Document.GetElementById(id) switch
    {
        AngleSharp.Html.Dom.IHtmlTextAreaElement area => area.Value,
        { } input => input.GetAttribute("value") ?? "",
        null => throw new InvalidOperationException($"{page.Address} has no {id}: {page.Text}"),
    };

    private static Dictionary<string, string> Values(params (string Name, string Value)[] values)
    {
        Dictionary<string, string> filled = new(StringComparer.Ordinal);
        foreach (var (name, value) in values) filled[name] = value;
        return filled;
    }
}
