using System.Buffers.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Tests.Support;
using StarPortal.Web.Hosting.Metrics;

namespace StarPortal.Tests.Acme;

/// <summary>A portal with a namespace without challenges, in which the world outside answers well.</summary>
public sealed class OrderFixture : IAsyncLifetime
{
    public WebPortal Portal { get; private set; } = null!;

    internal FakeWorld World { get; } = new();

    public async ValueTask InitializeAsync() => Portal = await WebPortal.StartAsync(
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["Acme:Namespaces:0:Suffix"] = "lab.example.org", ["Acme:Namespaces:0:Challenge"] = "waived" },
        services: services =>
        {
            services.RemoveAll<IChallengeValidator>().RemoveAll<ICaaChecker>();
            foreach (var type in Enum.GetValues<ChallengeType>()) services.AddSingleton<IChallengeValidator>(new FakeValidator(type, World));
            services.AddSingleton<ICaaChecker>(World);
        });

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    public async Task<AcmeClient> NewAccountAsync()
    {
        var client = new AcmeClient(Portal.Client);
        Assert.Equal(201, (int)(await client.RegisterAsync()).Status);
        return client;
    }
}

/// <summary>Orders over HTTPS: RFC 8555 7.4 to 7.6, RFC 9773 4, the order of the table in 7.1.</summary>
[Trait("Category", "Unit")]
public sealed class OrderDoorTests(OrderFixture fixture) : IClassFixture<OrderFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Flow_FromOrderToRevocation()
    {
        using var client = await fixture.NewAccountAsync();
        var order = await OrderAsync(client, "a.lab.example.org");
        Assert.Equal((201, "application/json", "ready"), ((int)order.Status, order.MediaType, order.Json["status"]!.ToString()));
        Assert.Equal(order.Json.ToJsonString(), (await client.PostAsync(order.Location!)).Json.ToJsonString());

        var valid = await FinalizeAsync(client, order, "a.lab.example.org");
        Assert.Equal((200, "valid"), ((int)valid.Status, valid.Json["status"]!.ToString()));
        Assert.Equal(order.Location, valid.Location);

        var certificate = await client.PostAsync(valid.Json["certificate"]!.ToString());
        Assert.Equal((200, "application/pem-certificate-chain"), ((int)certificate.Status, certificate.MediaType));
        var alternate = await client.PostAsync(certificate.LinkOf("alternate")!);
        Assert.StartsWith(certificate.Text, alternate.Text, StringComparison.Ordinal);
        Assert.Equal(valid.Json["certificate"]!.ToString(), alternate.LinkOf("alternate"));

        using var leaf = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(certificate.Text);
        var revoked = await client.PostAsync(await client.UrlOfAsync("revokeCert"), new JsonObject { ["certificate"] = Base64Url.EncodeToString(leaf.RawData), ["reason"] = 4 });
        Assert.Equal((200, 0), ((int)revoked.Status, revoked.Body.Length));
    }

    [Fact]
    public async Task Steps_AreMeasured_ByOutcome()
    {
        await fixture.Portal.Get<MetricsCollector>().StartAsync(Ct);
        using var client = await fixture.NewAccountAsync();
        await OrderAsync(client, "metrics.lab.example.org");
        Assert.Equal(404, (int)(await client.PostAsync(await client.UrlOfAsync("newOrder") + "s")).Status);

        var metrics = await fixture.Portal.Client.GetStringAsync("/metrics", Ct);
        Assert.Contains("starportal_acme_request_duration_seconds_count{outcome=\"ok\",step=\"/acme/new-order\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("starportal_acme_request_duration_seconds_count{outcome=\"malformed\",step=\"none\"}", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Checks_AreMeasured_ByKind()
    {
        await fixture.Portal.Get<MetricsCollector>().StartAsync(Ct);
        using var client = await fixture.NewAccountAsync();
        var order = await OrderAsync(client, "checked.example.org");
        var authorization = await client.PostAsync(order.Json["authorizations"]![0]!.ToString());
        var challenge = authorization.Json["challenges"]!.AsArray().Single(candidate => candidate!["type"]!.ToString() == "http-01")!;
        await client.PostAsync(challenge["url"]!.ToString(), new JsonObject());
        await fixture.Portal.Get<ValidationWorker>().AttemptDueAsync(Ct);
        await FinalizeAsync(client, order, "checked.example.org");

        var metrics = await fixture.Portal.Client.GetStringAsync("/metrics", Ct);
        Assert.Contains("starportal_acme_check_duration_seconds_count{kind=\"http-01\",outcome=\"ok\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("starportal_acme_check_duration_seconds_count{kind=\"caa\",outcome=\"ok\"}", metrics, StringComparison.Ordinal);
    }

    /// <summary>6.6, and in the dashboard: what a client is told is counted.</summary>
    [Fact]
    public async Task RefusedOrders_AreCounted_ByReason()
    {
        using var client = await fixture.NewAccountAsync();
        long Count() => fixture.Portal.Get<AcmeMetrics>().RefusedOrders.Where(refused => refused.Key is AcmeProblemType.InvalidProfile).Sum(refused => refused.Value);
        var before = Count();
        var asked = AcmeClient.OrderOf("a.lab.example.org");
        asked["profile"] = "none-such";
        Assert.Equal("invalidProfile", (await client.PostAsync(await client.UrlOfAsync("newOrder"), asked)).Problem);
        Assert.Equal(before + 1, Count());
    }

    [Fact]
    public async Task Challenge_HasItsHeaders_AndLeadsToAReadyOrder()
    {
        using var client = await fixture.NewAccountAsync();
        var order = await OrderAsync(client, "b.example.org");
        var authorizationUrl = order.Json["authorizations"]![0]!.ToString();
        var authorization = await client.PostAsync(authorizationUrl);
        Assert.Equal("pending", authorization.Json["status"]!.ToString());
        var challenge = authorization.Json["challenges"]!.AsArray().Single(candidate => candidate!["type"]!.ToString() == "http-01")!;

        var answer = await client.PostAsync(challenge["url"]!.ToString(), new JsonObject());
        Assert.Equal((200, "processing"), ((int)answer.Status, answer.Json["status"]!.ToString()));
        Assert.Equal(authorizationUrl, answer.LinkOf("up"));
        Assert.NotEmpty(answer.Headers["Retry-After"]);
        Assert.DoesNotContain("keyAuthorization", answer.Text, StringComparison.Ordinal);

        await fixture.Portal.Get<ValidationWorker>().AttemptDueAsync(Ct);
        Assert.Equal("valid", (await client.PostAsync(authorizationUrl)).Json["status"]!.ToString());
        Assert.Equal("ready", (await client.PostAsync(order.Location!)).Json["status"]!.ToString());
        Assert.Equal("deactivated", (await client.PostAsync(authorizationUrl, new JsonObject { ["status"] = "deactivated" })).Json["status"]!.ToString());
        var invalid = await client.PostAsync(order.Location!);
        Assert.Equal("invalid", invalid.Json["status"]!.ToString());
        Assert.NotNull(invalid.Json["error"]);
    }

    /// <summary>Whoever guesses or is told a URL of another account gets what somebody gets who made it up.</summary>
    [Fact]
    public async Task UrlsOfAnotherAccount_AreNotFound()
    {
        using var mine = await fixture.NewAccountAsync();
        using var other = await fixture.NewAccountAsync();
        var open = await OrderAsync(mine, "c.example.org");
        var authorization = await mine.PostAsync(open.Json["authorizations"]![0]!.ToString());
        var done = await FinalizeAsync(mine, await OrderAsync(mine, "c.lab.example.org"), "c.lab.example.org");
        (string Url, JsonNode? Payload)[] attempts =
        [
            (open.Location!, null), (open.Json["finalize"]!.ToString(), new JsonObject { ["csr"] = Base64Url.EncodeToString(OrderScene.Csr("c.example.org")) }),
            (open.Json["authorizations"]![0]!.ToString(), null), (open.Json["authorizations"]![0]!.ToString(), new JsonObject { ["status"] = "deactivated" }),
            (authorization.Json["challenges"]![0]!["url"]!.ToString(), null), (authorization.Json["challenges"]![0]!["url"]!.ToString(), new JsonObject()),
            (done.Json["certificate"]!.ToString(), null), (done.Json["certificate"]! + "/1", null), (open.Location![..^1] + "x", null),
        ];
        foreach (var (url, payload) in attempts) Assert.Equal((404, "malformed"), (await other.PostAsync(url, payload)).Outcome);
        Assert.Equal("pending", (await mine.PostAsync(open.Location!)).Json["status"]!.ToString());
    }

    [Fact]
    public async Task RevocationByTheCertificatesKey_NeedsNoAccount()
    {
        using var client = await fixture.NewAccountAsync();
        var order = await OrderAsync(client, "d.lab.example.org");
        var certificateKey = TestKey.Ec();
        var valid = await FinalizeAsync(client, order, OrderScene.Csr(certificateKey, "d.lab.example.org"));
        using var leaf = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem((await client.PostAsync(valid.Json["certificate"]!.ToString())).Text);
        var payload = new JsonObject { ["certificate"] = Base64Url.EncodeToString(leaf.RawData) };
        using var stranger = new AcmeClient(fixture.Portal.Client);
        Assert.Equal((403, "unauthorized"), (await stranger.PostAsync(await client.UrlOfAsync("revokeCert"), payload.DeepClone())).Outcome);
        using var holder = new AcmeClient(fixture.Portal.Client, certificateKey);
        Assert.Equal((200, null), (await holder.PostAsync(await client.UrlOfAsync("revokeCert"), payload.DeepClone())).Outcome);
        Assert.Equal((400, "alreadyRevoked"), (await holder.PostAsync(await client.UrlOfAsync("revokeCert"), payload.DeepClone())).Outcome);
    }

    [Fact]
    public async Task RenewalInfo_IsForAnybody()
    {
        using var client = await fixture.NewAccountAsync();
        var valid = await FinalizeAsync(client, await OrderAsync(client, "e.lab.example.org"), "e.lab.example.org");
        using var leaf = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem((await client.PostAsync(valid.Json["certificate"]!.ToString())).Text);
        Assert.True(SerialNumber.TryFromInteger(leaf.SerialNumberBytes.Span, out var serial));
        var answer = await client.GetAsync($"{await client.UrlOfAsync("renewalInfo")}/{fixture.Portal.Get<CertificateIds>().Write(serial)}");
        Assert.Equal((200, "application/json"), ((int)answer.Status, answer.MediaType));
        Assert.True(DateTimeOffset.Parse(answer.Json["suggestedWindow"]!["start"]!.ToString(), null) < DateTimeOffset.Parse(answer.Json["suggestedWindow"]!["end"]!.ToString(), null));
        Assert.NotEmpty(answer.Headers["Retry-After"]);
        Assert.Equal((404, "malformed"), (await client.GetAsync($"{await client.UrlOfAsync("renewalInfo")}/AAAA.AAAA")).Outcome);
    }

    [Theory]
    [InlineData("""{"identifiers":[{"type":"email","value":"x@example.org"}]}""", 400, "unsupportedIdentifier")]
    [InlineData("""{"identifiers":[]}""", 400, "malformed")]
    [InlineData("""{"identifiers":[{"type":"dns","value":"a.lab.example.org"}],"profile":"nope"}""", 400, "invalidProfile")]
    [InlineData("""[]""", 400, "malformed")]
    public async Task NewOrder_ThatCannotBe_SaysWhy(string payload, int status, string problem)
    {
        using var client = await fixture.NewAccountAsync();
        Assert.Equal((status, problem), (await client.PostAsync(await client.UrlOfAsync("newOrder"), JsonNode.Parse(payload))).Outcome);
    }

    [Fact]
    public async Task Directory_NamesTheProfiles()
    {
        using var client = new AcmeClient(fixture.Portal.Client);
        Assert.NotNull((await client.DirectoryAsync())["meta"]!["profiles"]!["host"]);
    }

    private static async Task<AcmeAnswer> OrderAsync(AcmeClient client, string name) =>
        await client.PostAsync(await client.UrlOfAsync("newOrder"), new JsonObject { ["identifiers"] = new JsonArray(new JsonObject { ["type"] = "dns", ["value"] = name }) });

    private static Task<AcmeAnswer> FinalizeAsync(AcmeClient client, AcmeAnswer order, string name) => FinalizeAsync(client, order, OrderScene.Csr(name));

    private static Task<AcmeAnswer> FinalizeAsync(AcmeClient client, AcmeAnswer order, byte[] csr) =>
        client.PostAsync(order.Json["finalize"]!.ToString(), new JsonObject { ["csr"] = Base64Url.EncodeToString(csr) });
}
