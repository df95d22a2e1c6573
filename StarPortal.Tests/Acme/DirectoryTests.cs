using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Acme;

/// <summary>RFC 8555 6.3, 6.7, 7.1.1, 7.2: what anybody may read, and how everything else below the path is refused.</summary>
[Trait("Category", "Unit")]
public sealed class DirectoryTests(AcmeFixture fixture) : IClassFixture<AcmeFixture>
{
    [Fact]
    public async Task Directory_NamesEveryResource_AndARandomOne()
    {
        using var client = fixture.NewClient();
        var directory = await client.DirectoryAsync();
        foreach (var name in new[] { "newNonce", "newAccount", "newOrder", "newAuthz", "revokeCert", "keyChange", "renewalInfo" })
            Assert.StartsWith($"{fixture.Portal.BaseUrl}acme/", directory[name]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("localhost", directory["meta"]!["caaIdentities"]![0]!.ToString());
        Assert.False(directory["meta"]!["externalAccountRequired"]!.GetValue<bool>());

        var again = (await client.GetAsync("/acme/directory")).Json;
        Assert.NotEqual(directory.Select(member => member.Key), again.Select(member => member.Key));
    }

    [Fact]
    public async Task Directory_IsJson_WithoutALinkToItself_AndNotKept()
    {
        using var client = fixture.NewClient();
        var answer = await client.GetAsync("/acme/directory");
        Assert.Equal("application/json", answer.MediaType);
        Assert.Null(answer.LinkOf("index"));
        Assert.Equal("no-store", answer.Headers["Cache-Control"].Single());
    }

    [Fact]
    public async Task NewNonce_Answers200ToHead_And204ToGet_EachWithAnotherNonce()
    {
        using var client = fixture.NewClient();
        var head = await client.GetAsync("/acme/new-nonce", HttpMethod.Head);
        var get = await client.GetAsync("/acme/new-nonce");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NoContent), (head.Status, get.Status));
        Assert.NotEqual(head.Nonce, get.Nonce);
        Assert.Matches("^[A-Za-z0-9_-]+$", get.Nonce!);
        Assert.All(new[] { head, get }, answer => Assert.Equal("no-store", answer.Headers["Cache-Control"].Single()));
        Assert.NotNull(head.LinkOf("index"));
        Assert.Empty(get.Body);
    }

    [Fact]
    public async Task DirectoryAndNewNonce_TakePostAsGet()
    {
        using var client = await fixture.NewAccountAsync();
        Assert.Equal(200, (int)(await client.PostAsync($"{fixture.Portal.BaseUrl}acme/directory")).Status);
        var nonce = await client.PostAsync($"{fixture.Portal.BaseUrl}acme/new-nonce");
        Assert.True((int)nonce.Status is 200 or 204);
        Assert.NotNull(nonce.Nonce);
    }

    [Theory]
    [InlineData("GET", "new-account")]
    [InlineData("GET", "account/00000000000000000000000000000000")]
    [InlineData("HEAD", "account/00000000000000000000000000000000")]
    [InlineData("GET", "key-change")]
    [InlineData("PUT", "new-account")]
    [InlineData("DELETE", "account/00000000000000000000000000000000")]
    [InlineData("PATCH", "directory")]
    [InlineData("OPTIONS", "directory")]
    public async Task OtherMethods_Are405Malformed_AndSayWhichAreAllowed(string method, string resource)
    {
        using var client = fixture.NewClient();
        var answer = await client.GetAsync($"/acme/{resource}", new HttpMethod(method));
        Assert.Equal(405, (int)answer.Status);
        if (method != "HEAD") Assert.Equal("malformed", answer.Problem);
        Assert.NotEmpty(answer.Headers["Allow"]);
    }

    [Theory]
    [InlineData("GET", "/nothing")]
    [InlineData("POST", "/nothing")]
    [InlineData("GET", "/../acme/x")]
    [InlineData("GET", "/directory/x")]
    [InlineData("GET", "/%00")]
    public async Task WhatIsNotThere_IsAProblem_AndNotAPage(string method, string rest)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/acme{rest}");
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await fixture.Portal.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await AcmeAnswer.ReadAsync(response);
        Assert.True((int)answer.Status is 400 or 404, $"{answer.Status}");
        if (answer.Status is HttpStatusCode.NotFound) Assert.Equal("malformed", answer.Problem);
    }

    [Fact]
    public async Task Browser_MayBeAClient()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/acme/new-account");
        request.Headers.Add("Origin", "https://app.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        using var response = await fixture.Portal.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await AcmeAnswer.ReadAsync(response);
        Assert.Equal((204, "*"), ((int)answer.Status, answer.Headers["Access-Control-Allow-Origin"].Single()));
    }

    [Fact]
    public async Task Terms_AreToBeAgreedTo()
    {
        await using var portal = await WebPortal.StartAsync(new Dictionary<string, string?> { ["Acme:TermsOfService"] = "https://ca.example/terms/1" });
        using var client = new AcmeClient(portal.Client);
        Assert.Equal("https://ca.example/terms/1", (await client.DirectoryAsync())["meta"]!["termsOfService"]!.ToString());
        var refusal = await client.RegisterAsync(new JsonObject { ["termsOfServiceAgreed"] = false });
        Assert.Equal((403, "userActionRequired"), refusal.Outcome);
        Assert.Equal("https://ca.example/terms/1", refusal.LinkOf("terms-of-service"));
        var account = await client.RegisterAsync();
        Assert.Equal((201, true), ((int)account.Status, account.Json["termsOfServiceAgreed"]!.GetValue<bool>()));
    }

    /// <summary>RFC 8555 7.3.3: nothing else until the client has agreed, by an account update or by newAccount.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ChangedTerms_AreAgreedToByTheClient_AndAudited(bool byUpdate)
    {
        await using var portal = await WebPortal.StartAsync(new Dictionary<string, string?> { ["Acme:TermsOfService"] = "https://ca.example/terms/1", ["Acme:ChangedTermsNeedAgreement"] = "true" });
        using var client = new AcmeClient(portal.Client);
        var url = (await client.RegisterAsync()).Location!;
        portal.Get<IOptions<AcmeOptions>>().Value.TermsOfService = "https://ca.example/terms/2";

        var refused = await client.OrderAsync("a.example.org");
        Assert.Equal((403, "userActionRequired"), refused.Outcome);
        Assert.Equal(("https://ca.example/terms/2", "https://ca.example/terms/2"), (refused.LinkOf("terms-of-service"), refused.Json["instance"]!.GetValue<string>()));
        await client.AskAsync(url, new JsonObject { ["termsOfServiceAgreed"] = false, ["contact"] = new JsonArray() });
        Assert.Equal((403, "userActionRequired"), (await client.OrderAsync("a.example.org")).Outcome);

        var agreed = byUpdate ? await client.AskAsync(url, new JsonObject { ["termsOfServiceAgreed"] = true }) : await client.RegisterAsync(new JsonObject { ["termsOfServiceAgreed"] = true });
        Assert.Equal((200, true), ((int)agreed.Status, agreed.Json["termsOfServiceAgreed"]!.GetValue<bool>()));
        Assert.Equal(201, (int)(await client.OrderAsync("a.example.org")).Status);
        await client.AskAsync(url, new JsonObject { ["termsOfServiceAgreed"] = true });
        await using var db = portal.NewDb();
        var record = Assert.Single(await db.AuditRecords.Where(record => record.Action == AuditAction.AcmeTermsAgreed).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal("https://ca.example/terms/2", record.Detail);
    }
}
