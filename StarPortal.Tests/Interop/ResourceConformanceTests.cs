using System.Net;
using System.Text.Json.Nodes;
using StarPortal.Tests.Acme;

namespace StarPortal.Tests.Interop;

/// <summary>RFC 8555 6 and 7.1, 7.2 as a client sees them over HTTPS: what every resource has in common.</summary>
[Trait("Category", "Interop")]
[Collection(nameof(AcmeWorld))]
public sealed class ResourceConformanceTests(AcmeWorld world)
{
    private const string Name = $"resources.{AcmeWorld.Waived}";

    /// <summary>6.1: "each ACME function is accomplished by the client sending a sequence of HTTPS requests".</summary>
    [Fact]
    public async Task PlainHttp_IsRefused()
    {
        using var http = new HttpClient { BaseAddress = world.Portal.PkiUrl };
        using var content = new StringContent("{}");
        using var response = await http.PostAsync(new Uri("acme/new-account", UriKind.Relative), content, TestContext.Current.CancellationToken);
        var answer = await AcmeAnswer.ReadAsync(response);
        Assert.Equal((403, "malformed"), answer.Outcome);
    }

    /// <summary>7.1.1: "the directory object"; 7.1: "Link … index … on all resources other than the directory".</summary>
    [Fact]
    public async Task Directory_LeadsToEverything_AndEverythingBackToIt()
    {
        using var client = await world.NewAccountAsync();
        var directory = await client.GetAsync(world.DirectoryUrl);
        Assert.Equal("application/json", directory.MediaType);
        Assert.Null(directory.LinkOf("index"));
        foreach (var resource in new[] { "newNonce", "newAccount", "newOrder", "newAuthz", "revokeCert", "keyChange", "renewalInfo" })
            Assert.True(Uri.TryCreate(directory.Json[resource]!.GetValue<string>(), UriKind.Absolute, out var url) && url.Scheme == "https", resource);
        foreach (var url in await EveryUrlAsync(client)) Assert.Equal(world.DirectoryUrl, (await client.AskAsync(url)).LinkOf("index"));
    }

    /// <summary>7.2: HEAD 200, GET 204, "Cache-Control: no-store"; 6.5.1: base64url.</summary>
    [Fact]
    public async Task NewNonce_AnswersHeadAndGet()
    {
        using var client = world.NewClient();
        var url = await client.UrlOfAsync("newNonce");
        var (head, get) = (await client.GetAsync(url, HttpMethod.Head), await client.GetAsync(url));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NoContent), (head.Status, get.Status));
        Assert.All([head, get], answer => Assert.Contains("no-store", answer.Headers["Cache-Control"]));
        Assert.All([head, get], answer => Assert.Matches("^[A-Za-z0-9_-]+$", answer.Nonce!));
        Assert.NotEqual(head.Nonce, get.Nonce);
    }

    /// <summary>6.3: "if the server receives a GET request, it MUST return an error with status code 405 … malformed".</summary>
    [Fact]
    public async Task Get_Is405_ForWhatIsSigned()
    {
        using var client = await world.NewAccountAsync();
        var directory = await client.DirectoryAsync();
        string[] doors = ["newAccount", "newOrder", "newAuthz", "revokeCert", "keyChange"];
        foreach (var url in doors.Select(door => directory[door]!.GetValue<string>()).Concat(await EveryUrlAsync(client)))
        {
            var answer = await client.GetAsync(url);
            Assert.True(answer.Outcome == (405, "malformed"), $"{url}: {answer.Outcome}");
            Assert.Contains("POST", string.Join(',', answer.Headers["Allow"]), StringComparison.Ordinal);
        }
    }

    /// <summary>6.3: POST-as-GET, a zero-length payload, reads every resource of an account.</summary>
    [Fact]
    public async Task PostAsGet_ReadsEverything()
    {
        using var client = await world.NewAccountAsync();
        foreach (var url in await EveryUrlAsync(client)) Assert.True((await client.PostAsync(url)).Status is HttpStatusCode.OK, url);
    }

    /// <summary>6.2: "a Content-Type of application/jose+json … 415".</summary>
    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task OtherContentTypes_Are415(string? type)
    {
        using var client = await world.NewAccountAsync();
        var jws = await client.SignAsync(client.AccountUrl!);
        var answer = await client.SendAsync(client.AccountUrl!, System.Text.Encoding.UTF8.GetBytes(jws.ToString()), type);
        Assert.Equal((415, "malformed"), answer.Outcome);
    }

    /// <summary>6.2: "alg … MUST NOT be none or a MAC"; the refusal lists "algorithms".</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("ES257")]
    public async Task Algorithm_IsRefused_ListingThoseThatAreFine(string algorithm)
    {
        using var client = await world.NewAccountAsync();
        var answer = await client.PostAsync(client.AccountUrl!, change: jws => jws.Header["alg"] = algorithm);
        Assert.Equal((400, "badSignatureAlgorithm"), answer.Outcome);
        Assert.Contains("ES256", answer.Json["algorithms"]!.AsArray().Select(name => name!.GetValue<string>()));
    }

    /// <summary>6.2: "The jwk and kid fields are mutually exclusive"; 6.4: "url … 401 unauthorized".</summary>
    [Fact]
    public async Task Header_NamesTheSignerOnce_AndTheUrlThatIsAsked()
    {
        using var client = await world.NewAccountAsync();
        var url = client.AccountUrl!;
        Assert.Equal((400, "malformed"), (await client.PostAsync(url, change: jws => jws.Header["jwk"] = client.Key.Jwk.DeepClone())).Outcome);
        Assert.Equal((400, "malformed"), (await client.PostAsync(url, change: jws => jws.Header.Remove("kid"))).Outcome);
        Assert.Equal((401, "unauthorized"), (await client.PostAsync(url, change: jws => jws.Header["url"] = $"{url}x")).Outcome);
        Assert.Equal((400, "malformed"), (await client.PostAsync(url, change: jws => jws.Header.Remove("url"))).Outcome);
        Assert.Equal((400, "accountDoesNotExist"), (await client.PostAsync(url, change: jws => jws.Header["kid"] = $"{url[..^32]}{Guid.NewGuid():N}")).Outcome);
        Assert.Equal((400, "malformed"), (await client.PostAsync(url, change: jws => { jws.Header["crit"] = new JsonArray("x"); jws.Header["x"] = 1; })).Outcome);
        Assert.Equal((400, "malformed"), (await client.PostAsync(url, change: jws => jws.Last = text => text["signature"] = $"{text["signature"]}=")).Outcome);
    }

    /// <summary>6.5: "badNonce … MUST include a Replay-Nonce"; "a client … SHOULD retry the request with the new nonce".</summary>
    [Fact]
    public async Task Nonce_IsGoodOnce_AndARefusalBringsAFreshOne()
    {
        using var client = await world.NewAccountAsync();
        var jws = await client.SignAsync(client.AccountUrl!);
        Assert.Equal(200, (int)(await client.SendAsync(client.AccountUrl!, jws.ToString())).Status);
        var replayed = await client.SendAsync(client.AccountUrl!, jws.ToString());
        Assert.Equal((400, "badNonce"), replayed.Outcome);
        Assert.NotNull(replayed.Nonce);
        Assert.Equal(200, (int)(await client.PostAsync(client.AccountUrl!)).Status);
        foreach (var nonce in new[] { "", "AAAA", "not base64url!", new string('A', 5000) })
            Assert.Equal((400, "badNonce"), (await client.PostAsync(client.AccountUrl!, change: header => header.Header["nonce"] = nonce)).Outcome);
        Assert.Equal((400, "badNonce"), (await client.PostAsync(client.AccountUrl!, change: header => header.Header.Remove("nonce"))).Outcome);
    }

    /// <summary>6.7: problem documents, also for what is not there at all; another account's objects are not told from those.</summary>
    [Fact]
    public async Task AnotherAccountsObjects_AreAsIfTheyWereNotThere()
    {
        using var owner = await world.NewAccountAsync();
        using var other = await world.NewAccountAsync();
        var nowhere = (await other.PostAsync($"{world.DirectoryUrl[..^"directory".Length]}order/{Guid.NewGuid():N}")).Json.ToJsonString();
        foreach (var url in await EveryUrlAsync(owner))
        {
            var answer = await other.PostAsync(url);
            Assert.Equal((404, nowhere), ((int)answer.Status, answer.Json.ToJsonString()));
        }

        var order = await owner.OrderAsync(Name);
        Assert.Equal(404, (int)(await other.FinalizeAsync(order, OrderScene.Csr(Name))).Status);
        var authorization = order.Json["authorizations"]![0]!.GetValue<string>();
        Assert.Equal(404, (int)(await other.PostAsync(authorization, new JsonObject { ["status"] = "deactivated" })).Status);
        Assert.Equal(404, (int)(await other.PostAsync(owner.AccountUrl!, new JsonObject { ["status"] = "deactivated" })).Status);
    }

    /// <summary>One URL of each kind: account, orders, order, authorization, challenge, certificate, alternate certificate.</summary>
    private static async Task<List<string>> EveryUrlAsync(AcmeClient client)
    {
        var account = await client.PostAsync(client.AccountUrl!);
        var order = await client.IssueAsync(Name);
        var authorization = await client.PostAsync(order.Json["authorizations"]![0]!.GetValue<string>());
        var certificate = order.Json["certificate"]!.GetValue<string>();
        return
        [
            client.AccountUrl!, account.Json["orders"]!.GetValue<string>(), order.Location!, order.Json["authorizations"]![0]!.GetValue<string>(),
            authorization.Json["challenges"]![0]!["url"]!.GetValue<string>(), certificate, (await client.PostAsync(certificate)).LinkOf("alternate")!,
        ];
    }
}
