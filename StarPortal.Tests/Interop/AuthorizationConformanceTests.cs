using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StarPortal.Tests.Acme;

namespace StarPortal.Tests.Interop;

/// <summary>RFC 8555 7.4.1, 7.5 and 8, RFC 8738 as a client sees them over HTTPS.</summary>
[Trait("Category", "Interop")]
[Collection(nameof(AcmeWorld))]
public sealed class AuthorizationConformanceTests(AcmeWorld world) : IAsyncLifetime
{
    private AcmeClient client = null!;

    public async ValueTask InitializeAsync() => client = await world.NewAccountAsync();

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>7.1.4: "wildcard … MUST be present and true … the identifier field … without the *."; 8.1: token of 128 bits, base64url.</summary>
    [Fact]
    public async Task Authorization_OfAWildcard_HasTheNameBelowIt_AndDnsChallengesAlone()
    {
        var authorization = await AuthorizeAsync("*.wild.example.org");
        Assert.Equal(("wild.example.org", true), (authorization["identifier"]!["value"]!.GetValue<string>(), authorization["wildcard"]!.GetValue<bool>()));
        var challenges = authorization["challenges"]!.AsArray();
        Assert.All(challenges, challenge => Assert.StartsWith("dns-", challenge!["type"]!.GetValue<string>(), StringComparison.Ordinal));
        Assert.All(challenges, challenge => Assert.Matches("^[A-Za-z0-9_-]{22,}$", challenge!["token"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Authorization_OfAName_OffersEveryChallenge()
    {
        var authorization = await AuthorizeAsync("every.example.org");
        Assert.False(authorization.ContainsKey("wildcard"));
        Assert.Superset(new HashSet<string>(["http-01", "dns-01", "tls-alpn-01"]), authorization["challenges"]!.AsArray().Select(challenge => challenge!["type"]!.GetValue<string>()).ToHashSet());
    }

    /// <summary>8.4: the TXT record; 7.5.1: "up", "Retry-After" while it is processed; 7.1.4: then the challenge that was used alone.</summary>
    [Fact]
    public async Task Dns01_MakesTheAuthorizationValid_AndTheNextOrderReady()
    {
        const string Name = "proof.example.org";
        var order = await client.OrderAsync(Name);
        var url = order.Json["authorizations"]![0]!.GetValue<string>();
        var challenge = ChallengeOf((await client.PostAsync(url)).Json, "dns-01");
        await world.Dns.SetTextAsync($"_acme-challenge.{Name}", "another value");
        await world.Dns.SetTextAsync($"_acme-challenge.{Name}", Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(KeyAuthorizationOf(challenge)))));

        var answer = await client.PostAsync(challenge["url"]!.GetValue<string>(), new JsonObject());
        Assert.Equal((200, url), ((int)answer.Status, answer.LinkOf("up")));
        Assert.False(answer.Json.ContainsKey("keyAuthorization"));
        var done = await WaitAsync(url, "pending");
        Assert.Equal("valid", done["status"]!.GetValue<string>());
        Assert.Equal("dns-01", Assert.Single(done["challenges"]!.AsArray())!["type"]!.GetValue<string>());
        Assert.True(done["challenges"]![0]!["validated"] is not null);
        Assert.Equal("ready", (await client.PostAsync(order.Location!)).Json["status"]!.GetValue<string>());
        Assert.Equal("ready", (await client.OrderAsync(Name)).Json["status"]!.GetValue<string>());
        await world.Dns.ClearTextAsync($"_acme-challenge.{Name}");
    }

    /// <summary>RFC 8738: an address by http-01, which goes into an iPAddress name; never by DNS.</summary>
    [Fact]
    public async Task Http01_ProvesAnAddress()
    {
        var order = await client.OrderAsync("127.0.0.1");
        var url = order.Json["authorizations"]![0]!.GetValue<string>();
        var authorization = (await client.PostAsync(url)).Json;
        Assert.DoesNotContain(authorization["challenges"]!.AsArray(), one => one!["type"]!.GetValue<string>().StartsWith("dns-", StringComparison.Ordinal));
        var challenge = ChallengeOf(authorization, "http-01");

        using var server = new HttpListener { Prefixes = { $"http://127.0.0.1:{world.HttpPort}/.well-known/acme-challenge/" } };
        server.Start();
        var asked = server.GetContextAsync();
        await client.PostAsync(challenge["url"]!.GetValue<string>(), new JsonObject());
        var context = await asked.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.EndsWith($"/{challenge["token"]}", context.Request.Url!.AbsolutePath, StringComparison.Ordinal);
        context.Response.Close(Encoding.ASCII.GetBytes(KeyAuthorizationOf(challenge)), willBlock: false);

        Assert.Equal("valid", (await WaitAsync(url, "pending"))["status"]!.GetValue<string>());
        var certificate = await client.DownloadAsync(await client.FinalizeAsync(order, OrderScene.Csr("127.0.0.1")));
        Assert.Contains("127.0.0.1", certificate.Extensions["2.5.29.17"]!.Format(multiLine: false), StringComparison.Ordinal);
    }

    /// <summary>7.1.6, 8.2: when all attempts have failed, challenge, authorization and order are invalid, with the error in the challenge.</summary>
    [Fact]
    public async Task FailedChallenge_MakesTheOrderInvalid()
    {
        var order = await client.OrderAsync("nobody.example.org");
        var url = order.Json["authorizations"]![0]!.GetValue<string>();
        var answer = await client.PostAsync(ChallengeOf((await client.PostAsync(url)).Json, "tls-alpn-01")["url"]!.GetValue<string>(), new JsonObject());
        if (answer.Json["status"]!.GetValue<string>() is "processing" or "pending") Assert.NotEmpty(answer.Headers["Retry-After"]);
        var failed = await WaitAsync(url, "pending");
        Assert.Equal("invalid", failed["status"]!.GetValue<string>());
        var challenge = Assert.Single(failed["challenges"]!.AsArray())!;
        Assert.Equal(("invalid", "urn:ietf:params:acme:error:connection"), (challenge["status"]!.GetValue<string>(), challenge["error"]!["type"]!.GetValue<string>()));
        var invalid = await client.PostAsync(order.Location!);
        Assert.Equal("invalid", invalid.Json["status"]!.GetValue<string>());
        Assert.NotNull(invalid.Json["error"]);
        Assert.Equal((403, "orderNotReady"), (await client.FinalizeAsync(order, OrderScene.Csr("nobody.example.org"))).Outcome);
    }

    /// <summary>7.5.2: "deactivated"; the order that needs it is invalid.</summary>
    [Fact]
    public async Task Authorization_IsDeactivated()
    {
        var order = await client.OrderAsync($"deactivated.{AcmeWorld.Waived}");
        var url = order.Json["authorizations"]![0]!.GetValue<string>();
        var ended = await client.PostAsync(url, new JsonObject { ["status"] = "deactivated" });
        Assert.Equal((200, "deactivated"), ((int)ended.Status, ended.Json["status"]!.GetValue<string>()));
        Assert.Equal("invalid", (await client.PostAsync(order.Location!)).Json["status"]!.GetValue<string>());
        Assert.Equal((400, "malformed"), (await client.PostAsync(url, new JsonObject { ["status"] = "valid" })).Outcome);
    }

    /// <summary>7.4.1: "201 (Created) … Location"; no wildcards; valid at once where the server knows already.</summary>
    [Fact]
    public async Task NewAuthz_IsCreated()
    {
        var url = await client.UrlOfAsync("newAuthz");
        var waived = await client.PostAsync(url, IdentifierOf($"early.{AcmeWorld.Waived}"));
        Assert.Equal((201, "valid"), ((int)waived.Status, waived.Json["status"]!.GetValue<string>()));
        var pending = await client.PostAsync(url, IdentifierOf("early.example.org"));
        Assert.Equal((201, "pending"), ((int)pending.Status, pending.Json["status"]!.GetValue<string>()));
        Assert.Equal(pending.Json.ToJsonString(), (await client.PostAsync(pending.Location!)).Json.ToJsonString());
        Assert.Equal("rejectedIdentifier", (await client.PostAsync(url, IdentifierOf("*.early.example.org"))).Problem);
    }

    private static JsonObject IdentifierOf(string name) => new() { ["identifier"] = new JsonObject { ["type"] = "dns", ["value"] = name } };

    private static JsonObject ChallengeOf(JsonObject authorization, string type) =>
        authorization["challenges"]!.AsArray().Single(challenge => challenge!["type"]!.GetValue<string>() == type)!.AsObject();

    private string KeyAuthorizationOf(JsonObject challenge) => $"{challenge["token"]}.{client.Key.Thumbprint}";

    private async Task<JsonObject> AuthorizeAsync(string name) => (await client.PostAsync((await client.OrderAsync(name)).Json["authorizations"]![0]!.GetValue<string>())).Json;

    /// <summary>Asks until the status is another.</summary>
    private async Task<JsonObject> WaitAsync(string url, string status)
    {
        for (var begun = TimeProvider.System.GetTimestamp(); ;)
        {
            var resource = (await client.PostAsync(url)).Json;
            if (resource["status"]!.GetValue<string>() != status) return resource;
            if (TimeProvider.System.GetElapsedTime(begun) > TimeSpan.FromSeconds(60)) throw new TimeoutException($"Still {status}: {resource}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
