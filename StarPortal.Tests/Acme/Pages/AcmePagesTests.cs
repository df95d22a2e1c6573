using System.Net;
using StarPortal.Tests.Hosting;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>ACME's pages over HTTP, without scripts: who may open them, forms, wrong input.</summary>
[Trait("Category", "Unit")]
public sealed class AcmePagesTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private const string NotForYou = "Not for this account";

    [Theory]
    [InlineData("/acme/keys", "owner")]
    [InlineData("/acme/namespaces", "owner")]
    [InlineData("/acme/orders", "owner,subscriber,officer,administrator")]
    [InlineData("/admin/acme", "administrator")]
    [InlineData("/admin/acme/accounts", "administrator")]
    [InlineData("/admin/acme/orders", "administrator")]
    [InlineData("/admin/acme/keys", "officer,administrator")]
    [InlineData("/admin/acme/keys/new", "officer,administrator")]
    [InlineData("/admin/acme/namespaces", "officer,administrator")]
    [InlineData("/admin/acme/replace", "administrator")]
    public async Task Page_IsForThoseRolesOnly(string path, string roles)
    {
        foreach (var role in new[] { "owner", "subscriber", "officer", "administrator" })
        {
            using var browser = await SignedInAsync(role);
            var page = await browser.OpenAsync(path);
            var isRefused = page.Document.QuerySelector("h1")?.TextContent == NotForYou;
            Assert.True(isRefused != roles.Split(',').Contains(role, StringComparer.Ordinal), $"{role} at {path}: {page.Text}");
        }

        using var stranger = new PlainBrowser(fixture.Portal);
        Assert.Equal("/account/sign-in", (await stranger.OpenAsync(path)).Address.AbsolutePath);
    }

    [Theory]
    [InlineData("/acme/orders/11111111-1111-1111-1111-111111111111")]
    [InlineData("/admin/acme/orders/11111111-1111-1111-1111-111111111111")]
    [InlineData("/admin/acme/accounts/11111111-1111-1111-1111-111111111111")]
    [InlineData("/admin/acme/namespaces/11111111-1111-1111-1111-111111111111")]
    [InlineData("/admin/acme/orders/none")]
    public async Task WhatDoesNotExist_IsNotFound(string path)
    {
        using var browser = await SignedInAsync("administrator");
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(path)).Status);
    }

    [Fact]
    public async Task UseIt_IsOpenToEverybody_AndPutsTheNameIntoTheCommands()
    {
        using var stranger = new PlainBrowser(fixture.Portal);
        var page = await stranger.OpenAsync("/acme?name=Mail.Example.NET");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("-d mail.example.net", page.Text, StringComparison.Ordinal);
        Assert.Contains($"{fixture.Portal.BaseUrl}acme/directory", page.Text, StringComparison.Ordinal);
        Assert.False(page.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("a b; rm -rf /")]
    [InlineData("$(id).example.org")]
    [InlineData("x'y")]
    [InlineData("ex_ample..org")]
    public async Task UseIt_PutsNothingButANameIntoACommand(string name)
    {
        using var stranger = new PlainBrowser(fixture.Portal);
        var page = await stranger.OpenAsync($"/acme?name={Uri.EscapeDataString(name)}");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.NotNull(page.Document.QuerySelector("#name-error"));
        Assert.DoesNotContain(page.Document.QuerySelectorAll("pre"), block => block.TextContent.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NotFoundBelowTheDirectory_IsStillAProblemDocument()
    {
        using var answer = await fixture.Portal.Client.GetAsync(new Uri("/acme/no-such-thing", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Owner_ClaimsADomain_AnAdministratorApprovesIt_AndTheOwnerMakesACredential()
    {
        const string domain = "claimed.example.org";
        using var owner = await SignedInAsync("owner");
        var asked = await owner.SendAsync("/acme/namespaces", "ask-namespace", Values(("Input.Suffix", domain), ("Input.Reason", "our web servers")));
        Assert.Contains("Your claim is noted", asked.Text, StringComparison.Ordinal);
        Assert.Contains($"_starportal-namespace.{domain}", asked.Text, StringComparison.Ordinal);
        var again = await owner.SendAsync("/acme/namespaces", "ask-namespace", Values(("Input.Suffix", domain)));
        Assert.NotNull(again.Document.QuerySelector("#Suffix-error"));

        using var administrator = await SignedInAsync("administrator");
        var list = await administrator.OpenAsync($"/admin/acme/namespaces?q={domain}&state=Asked");
        var details = list.Document.QuerySelector("tbody a")!.GetAttribute("href")!;
        var approved = await administrator.SendAsync(details, "approve", Values(("Approval.Challenge", "Waived"), ("Approval.Note", "called them")));
        Assert.Contains("in force", approved.Text, StringComparison.Ordinal);

        var made = await owner.SendAsync("/acme/keys", "create-key", Values(("Input.Label", "web"), ("Input.AllowedIdentifiers", $"*.{domain}")));
        Assert.Contains("It is not shown again", made.Text, StringComparison.Ordinal);
        Assert.Contains("--eab-hmac-key", made.Text, StringComparison.Ordinal);
        var secret = made.Document.QuerySelectorAll(".copyable code")[1].TextContent;
        Assert.DoesNotContain(secret, (await owner.OpenAsync("/acme/keys")).Source, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owner_WithdrawsAClaim_AndGivesUpADomain()
    {
        var domain = $"d{Guid.NewGuid():N}.example.org";
        using var owner = await SignedInAsync("owner");
        await owner.SendAsync("/acme/namespaces", "ask-namespace", Values(("Input.Suffix", domain)));
        var withdrawn = await owner.SendAsync("/acme/namespaces", FormOf(await owner.OpenAsync("/acme/namespaces"), "retract-", domain));
        Assert.Contains("Withdrawn: nobody decides on it any more.", withdrawn.Text, StringComparison.Ordinal);

        await owner.SendAsync("/acme/namespaces", "ask-namespace", Values(("Input.Suffix", domain)));
        using var administrator = await SignedInAsync("administrator");
        var details = (await administrator.OpenAsync($"/admin/acme/namespaces?q={domain}&state=Asked")).Document.QuerySelector("tbody a")!.GetAttribute("href")!;
        await administrator.SendAsync(details, "approve", Values(("Approval.Challenge", "Required")));
        var given = await owner.SendAsync("/acme/namespaces", FormOf(await owner.OpenAsync("/acme/namespaces"), "give-up-", domain));
        Assert.Contains("Given up: the domain is no longer in force.", given.Text, StringComparison.Ordinal);
        Assert.Contains("Given up by its owner.", (await administrator.OpenAsync(details)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Input.Suffix", "not a domain", "#Suffix-error")]
    [InlineData("Input.Suffix", "a..example", "#Suffix-error")]
    public async Task Claim_WithWrongInput_SaysSoBesideTheField(string field, string value, string message)
    {
        using var owner = await SignedInAsync("owner");
        Assert.NotNull((await owner.SendAsync("/acme/namespaces", "ask-namespace", Values((field, value)))).Document.QuerySelector(message));
    }

    [Theory]
    [InlineData("Input.Label", "", "#Label-error")]
    [InlineData("Input.Owner", "nobody-here", "#Owner-error")]
    [InlineData("Input.AllowedIdentifiers", "exa mple..org", "#AllowedIdentifiers-error")]
    [InlineData("Input.MaxUses", "-1", "#MaxUses-error")]
    [InlineData("Input.MaxUses", "0", "#MaxUses-error")]
    [InlineData("Input.ExpiresAt", "soon", "#ExpiresAt-error")]
    [InlineData("Input.ExpiresAt", "2001-01-01", "#ExpiresAt-error")]
    public async Task Credential_WithWrongInput_SaysSoBesideTheField(string field, string value, string message)
    {
        using var administrator = await SignedInAsync("administrator");
        var input = Values(("Input.Label", "x"), ("Input.Owner", "owner"));
        input[field] = value;
        var page = await administrator.SendAsync("/admin/acme/keys/new", "create-key", input);
        Assert.True(page.Document.QuerySelector(message) is not null, page.Text);
    }

    [Fact]
    public async Task Credential_IsMadeForSomebody_Found_AndRevoked()
    {
        using var administrator = await SignedInAsync("administrator");
        var made = await administrator.SendAsync("/admin/acme/keys/new", "create-key", Values(("Input.Label", "cluster nine"), ("Input.Owner", "Owner"), ("Input.MaxUses", "3")));
        Assert.Contains("is made", made.Text, StringComparison.Ordinal);
        var list = await administrator.OpenAsync("/admin/acme/keys?q=CLUSTER");
        var form = list.Document.Forms.Select(each => each.QuerySelector("input[name=_handler]")?.GetAttribute("value")).Single(name => name?.StartsWith("revoke-", StringComparison.Ordinal) is true)!;
        Assert.Contains("Revoked.", (await administrator.SendAsync("/admin/acme/keys?q=CLUSTER", form)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replacement_IsShownFirst_AndDeclaredByThePostAlone()
    {
        using var administrator = await SignedInAsync("administrator");
        const string review = "/admin/acme/replace?scope=all&hours=6&review=true";
        Assert.Contains("Have them replaced now", (await administrator.OpenAsync(review)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Declared before", (await administrator.OpenAsync("/admin/acme/replace")).Text, StringComparison.Ordinal);
        Assert.NotNull((await administrator.SendAsync(review, "replace", Values(("Input.Reason", " ")))).Document.QuerySelector("#Reason-error"));

        var declared = await administrator.SendAsync(review, "replace", Values(("Input.Reason", "a weak key")));
        Assert.Contains("a weak key", declared.Text, StringComparison.Ordinal);
        Assert.Contains("AcmeMassEventDeclared", (await administrator.OpenAsync("/admin/audit?about=mass-event/")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scope=account&account=x", "#account-error")]
    [InlineData("scope=account&account=11111111-1111-1111-1111-111111111111", "#account-error")]
    [InlineData("scope=profile", "#profile-error")]
    [InlineData("scope=domain&suffix=a..b", "#suffix-error")]
    [InlineData("scope=everything", "#scope-error")]
    [InlineData("scope=all&hours=0", "#hours-error")]
    public async Task Replacement_WithWrongInput_SaysSoBesideTheField(string question, string message)
    {
        using var administrator = await SignedInAsync("administrator");
        var page = await administrator.OpenAsync($"/admin/acme/replace?review=true&{(question.Contains("hours", StringComparison.Ordinal) ? "" : "hours=24&")}{question}");
        Assert.True(page.Document.QuerySelector(message) is not null && page.FindForm("replace") is null, page.Text);
    }

    [Fact]
    public async Task Status_ShowsTheLimits()
    {
        using var stranger = new PlainBrowser(fixture.Portal);
        Assert.Contains("new accounts from one address", (await stranger.OpenAsync("/status")).Text, StringComparison.Ordinal);
    }

    /// <summary>The one form of this kind on the card of a domain.</summary>
    private static string FormOf(HtmlPage page, string prefix, string domain) =>
        Assert.Single(page.Document.QuerySelectorAll("section.card").Where(card => card.QuerySelector("h2")?.TextContent == domain)
            .SelectMany(card => card.QuerySelectorAll("input[name=_handler]")).Select(input => input.GetAttribute("value")!), name => name.StartsWith(prefix, StringComparison.Ordinal));

    private async Task<PlainBrowser> SignedInAsync(string role)
    {
        var browser = new PlainBrowser(fixture.Portal);
        await browser.SignInAsync(fixture.Portal.PersonaOf(role));
        return browser;
    }

    private static Dictionary<string, string> Values(params (string Name, string Value)[] values) =>
        values.ToDictionary(value => value.Name, value => value.Value, StringComparer.Ordinal);
}
