using System.Text;
using System.Text.Json.Nodes;

namespace StarPortal.Tests.Acme;

/// <summary>RFC 8555 6.2 to 6.5: each test breaks one thing of a request that would be right.</summary>
[Trait("Category", "Unit")]
public sealed class JwsTests(AcmeFixture fixture) : IClassFixture<AcmeFixture>
{
    /// <summary>What is broken, and what is answered.</summary>
    private static readonly Dictionary<string, (Action<TestJws> Break, int Status, string Problem)> Broken = new(StringComparer.Ordinal)
    {
        ["alg none"] = (jws => jws.Header["alg"] = "none", 400, "badSignatureAlgorithm"),
        ["alg none, no signature"] = (jws => (jws.Header["alg"], jws.Last) = ("none", json => json["signature"] = ""), 400, "malformed"),
        ["a MAC"] = (jws => jws.Header["alg"] = "HS256", 400, "badSignatureAlgorithm"),
        ["alg in another case"] = (jws => jws.Header["alg"] = "es256", 400, "badSignatureAlgorithm"),
        ["unknown alg"] = (jws => jws.Header["alg"] = "EdDSA", 400, "badSignatureAlgorithm"),
        ["no alg"] = (jws => jws.Header.Remove("alg"), 400, "badSignatureAlgorithm"),
        ["alg of another key"] = (jws => jws.Header["alg"] = "RS256", 400, "badSignatureAlgorithm"),
        ["alg a number"] = (jws => jws.RawHeader = jws.Header.ToJsonString().Replace("\"ES256\"", "256", StringComparison.Ordinal), 400, "malformed"),
        ["no nonce"] = (jws => jws.Header.Remove("nonce"), 400, "badNonce"),
        ["empty nonce"] = (jws => jws.Header["nonce"] = "", 400, "badNonce"),
        ["made-up nonce"] = (jws => jws.Header["nonce"] = new string('A', 32), 400, "badNonce"),
        ["made-up shared nonce"] = (jws => jws.Header["nonce"] = new string('A', 43), 400, "badNonce"),
        ["nonce with padding"] = (jws => jws.Header["nonce"] = jws.Header["nonce"] + "=", 400, "malformed"),
        ["nonce not base64url"] = (jws => jws.Header["nonce"] = "+/+/+/", 400, "malformed"),
        ["no url"] = (jws => jws.Header.Remove("url"), 400, "malformed"),
        ["another url"] = (jws => jws.Header["url"] = jws.Header["url"]!.ToString().Replace("/account/", "/order/", StringComparison.Ordinal), 401, "unauthorized"),
        ["url with a slash more"] = (jws => jws.Header["url"] += "/", 401, "unauthorized"),
        ["url of another host"] = (jws => jws.Header["url"] = jws.Header["url"]!.ToString().Replace("localhost", "127.0.0.1", StringComparison.Ordinal), 401, "unauthorized"),
        ["url over http"] = (jws => jws.Header["url"] = jws.Header["url"]!.ToString().Replace("https", "http", StringComparison.Ordinal), 401, "unauthorized"),
        ["neither kid nor jwk"] = (jws => jws.Header.Remove("kid"), 400, "malformed"),
        ["kid of nobody"] = (jws => jws.Header["kid"] = $"{jws.Header["kid"]!.ToString()[..^32]}{Guid.NewGuid():N}", 400, "accountDoesNotExist"),
        ["kid not a URL of ours"] = (jws => jws.Header["kid"] = "https://other.example/acme/account/1", 400, "accountDoesNotExist"),
        ["kid upper case"] = (jws => jws.Header["kid"] = $"{jws.Header["kid"]!.ToString()[..^32]}{jws.Header["kid"]!.ToString()[^32..].ToUpperInvariant()}A", 400, "accountDoesNotExist"),
        ["kid a number"] = (jws => jws.Header["kid"] = 1, 400, "malformed"),
        ["unknown crit"] = (jws => jws.Header["crit"] = new JsonArray("exp"), 400, "malformed"),
        ["empty crit"] = (jws => jws.Header["crit"] = new JsonArray(), 400, "malformed"),
        ["unencoded payload"] = (jws => (jws.Header["b64"], jws.Header["crit"]) = (false, new JsonArray("b64")), 400, "malformed"),
        ["b64 alone"] = (jws => jws.Header["b64"] = false, 400, "malformed"),
        ["alg twice"] = (jws => jws.RawHeader = "{\"alg\":\"ES256\"," + jws.Header.ToJsonString()[1..], 400, "malformed"),
        ["unknown member twice"] = (jws => jws.RawHeader = "{\"x\":1,\"x\":1," + jws.Header.ToJsonString()[1..], 400, "malformed"),
        ["escaped member twice"] = (jws => jws.RawHeader = "{\"\\u0061lg\":\"ES256\"," + jws.Header.ToJsonString()[1..], 400, "malformed"),
        ["deep header"] = (jws => jws.RawHeader = $"{{\"x\":{new string('[', 200)}{new string(']', 200)}," + jws.Header.ToJsonString()[1..], 400, "malformed"),
        ["header not an object"] = (jws => jws.RawHeader = "[]", 400, "malformed"),
        ["header not JSON"] = (jws => jws.RawHeader = "alg: ES256", 400, "malformed"),
        ["header with a tail"] = (jws => jws.RawHeader = jws.Header.ToJsonString() + "{}", 400, "malformed"),
        ["header with a comment"] = (jws => jws.RawHeader = "/* */" + jws.Header.ToJsonString(), 400, "malformed"),
        ["header with a comma too many"] = (jws => jws.RawHeader = jws.Header.ToJsonString()[..^1] + ",}", 400, "malformed"),
        ["lone surrogate"] = (jws => jws.RawHeader = "{\"x\":\"\\ud800\",\"kid2\":\"\\ud800\",\"\\ud800\":1," + jws.Header.ToJsonString()[1..], 400, "malformed"),
        ["surrogate in url"] = (jws => jws.RawHeader = jws.Header.ToJsonString().Replace("https:", "\\ud800https:", StringComparison.Ordinal), 400, "malformed"),
        ["wrong signature"] = (jws => jws.Sign = _ => new byte[64], 400, "malformed"),
        ["signature of other content"] = (jws => jws.Last = json => json["payload"] = "e30", 400, "malformed"),
        ["short signature"] = (jws => jws.Sign = _ => [1, 2, 3], 400, "malformed"),
        ["signature with padding"] = (jws => jws.Last = json => json["signature"] += "==", 400, "malformed"),
        ["payload with padding"] = (jws => (jws.Payload, jws.Last) = ("{}"u8.ToArray(), json => json["payload"] += "="), 400, "malformed"),
        ["header with padding"] = (jws => jws.Last = json => json["protected"] += "=", 400, "malformed"),
        ["white space in base64url"] = (jws => jws.Last = json => json["signature"] = json["signature"]!.ToString().Insert(4, "\n"), 400, "malformed"),
        ["base64, not base64url"] = (jws => jws.Last = json => json["signature"] = "+/" + json["signature"]!.ToString()[2..], 400, "malformed"),
        ["stray bits"] = (jws => jws.Last = json => json["signature"] = json["signature"]!.ToString()[..^1] + "B", 400, "malformed"),
        ["no payload"] = (jws => jws.Last = json => json.Remove("payload"), 400, "malformed"),
        ["payload null"] = (jws => jws.Last = json => json["payload"] = null, 400, "malformed"),
        ["payload an object"] = (jws => jws.Last = json => json["payload"] = new JsonObject(), 400, "malformed"),
        ["no signature"] = (jws => jws.Last = json => json.Remove("signature"), 400, "malformed"),
        ["no header"] = (jws => jws.Last = json => json.Remove("protected"), 400, "malformed"),
        ["unprotected header"] = (jws => jws.Last = json => json["header"] = new JsonObject { ["x"] = 1 }, 400, "malformed"),
        ["several signatures"] = (jws => jws.Last = json => json["signatures"] = new JsonArray(), 400, "malformed"),
        ["payload not UTF-8"] = (jws => jws.Payload = [0xff, 0xfe], 400, "malformed"),
        ["payload not JSON"] = (jws => jws.Payload = "hello"u8.ToArray(), 400, "malformed"),
        ["payload an array"] = (jws => jws.Payload = "[]"u8.ToArray(), 400, "malformed"),
        ["payload null literal"] = (jws => jws.Payload = "null"u8.ToArray(), 400, "malformed"),
        ["payload with a member twice"] = (jws => jws.Payload = "{\"contact\":[],\"contact\":[]}"u8.ToArray(), 400, "malformed"),
        ["payload with an unknown member twice"] = (jws => jws.Payload = "{\"x\":1,\"x\":2}"u8.ToArray(), 400, "malformed"),
        ["payload too deep"] = (jws => jws.Payload = Encoding.UTF8.GetBytes($"{{\"x\":{new string('[', 60)}{new string(']', 60)}}}"), 400, "malformed"),
        ["payload with other types"] = (jws => jws.Payload = "{\"contact\":\"mailto:a@example.org\"}"u8.ToArray(), 400, "malformed"),
        ["payload with a tail"] = (jws => jws.Payload = "{}{}"u8.ToArray(), 400, "malformed"),
    };

    public static TheoryData<string> Cases => [.. Broken.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Request_IsRefused_WhenOneThingIsWrong(string what)
    {
        using var client = await fixture.NewAccountAsync();
        var (wrong, status, problem) = Broken[what];

        var answer = await client.PostAsync(client.AccountUrl!, payload: null, wrong);

        Assert.Equal((status, problem), answer.Outcome);
        Assert.NotNull(answer.Nonce);
        Assert.NotNull(answer.LinkOf("index"));
        Assert.Equal(200, (int)(await client.PostAsync(client.AccountUrl!)).Status); // With the nonce of the refusal.
    }

    [Fact]
    public async Task BadAlgorithm_NamesThoseThatDo()
    {
        using var client = await fixture.NewAccountAsync();
        var answer = await client.PostAsync(client.AccountUrl!, null, jws => jws.Header["alg"] = "HS256");
        Assert.Contains("ES256", answer.Json["algorithms"]!.AsArray().Select(name => name!.ToString()));
    }

    [Fact]
    public async Task JwkAndKid_ExcludeEachOther()
    {
        using var client = await fixture.NewAccountAsync();
        Assert.Equal((400, "malformed"), (await client.PostAsync(client.AccountUrl!, null, jws => jws.Header["jwk"] = client.Key.Jwk.DeepClone())).Outcome);
    }

    [Fact]
    public async Task Account_SignsByKid_AndNewAccountByJwk()
    {
        using var client = await fixture.NewAccountAsync();
        var newAccount = await client.UrlOfAsync("newAccount");
        Assert.Equal((400, "malformed"), (await client.PostAsync(newAccount, new JsonObject())).Outcome);
        var account = client.AccountUrl!;
        client.AccountUrl = null;
        Assert.Equal((400, "malformed"), (await client.PostAsync(account)).Outcome);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/jose")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task ContentType_IsJose(string? type)
    {
        using var client = await fixture.NewAccountAsync();
        var jws = await client.SignAsync(client.AccountUrl!);
        var answer = await client.SendAsync(client.AccountUrl!, Encoding.UTF8.GetBytes(jws.ToString()), type);
        Assert.Equal((415, "malformed"), answer.Outcome);
    }

    [Fact]
    public async Task Nonce_IsTakenOnce()
    {
        using var client = await fixture.NewAccountAsync();
        var body = (await client.SignAsync(client.AccountUrl!)).ToString();
        Assert.Equal(200, (int)(await client.SendAsync(client.AccountUrl!, body)).Status);
        var again = await client.SendAsync(client.AccountUrl!, body);
        Assert.Equal((400, "badNonce"), again.Outcome);
        Assert.NotNull(again.Nonce);
    }

    [Fact]
    public async Task Nonce_IsUsedUp_ByARequestThatIsRefused()
    {
        using var client = await fixture.NewAccountAsync();
        var nonce = "";
        await client.PostAsync(client.AccountUrl!, null, jws => (nonce, jws.Sign) = (jws.Header["nonce"]!.ToString(), _ => new byte[64]));
        Assert.Equal((400, "badNonce"), (await client.PostAsync(client.AccountUrl!, null, jws => jws.Header["nonce"] = nonce)).Outcome);
    }

    [Fact]
    public async Task Nonce_IsTakenOnce_WhenSentManyTimesAtOnce()
    {
        using var client = await fixture.NewAccountAsync();
        var body = (await client.SignAsync(client.AccountUrl!)).ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => client.SendAsync(client.AccountUrl!, body)));
        Assert.Single(answers, answer => (int)answer.Status == 200);
        Assert.Equal(15, answers.Count(answer => answer.Problem == "badNonce"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("eyJhbGciOiJFUzI1NiJ9.e30.AAAA")]
    [InlineData("{\"payload\":\"\",\"payload\":\"\",\"protected\":\"e30\",\"signature\":\"AA\"}")]
    [InlineData("{\"payload\":\"\",\"signatures\":[{\"protected\":\"e30\",\"signature\":\"AA\"}]}")]
    [InlineData("\uFEFF{\"payload\":\"\",\"protected\":\"e30\",\"signature\":\"AA\"}")]
    public async Task Body_IsAFlattenedJws(string body)
    {
        using var client = fixture.NewClient();
        Assert.Equal((400, "malformed"), (await client.SendAsync(await client.UrlOfAsync("newAccount"), body)).Outcome);
    }

    [Theory]
    [InlineData(70_000)]
    [InlineData(5_000_000)]
    public async Task Body_TooLarge_IsRefused(int length)
    {
        using var client = fixture.NewClient();
        Assert.Equal((413, "malformed"), (await client.SendAsync(await client.UrlOfAsync("newAccount"), new string(' ', length))).Outcome);
    }

    [Theory]
    [InlineData("ES256", "P-256")]
    [InlineData("ES384", "P-384")]
    [InlineData("ES512", "P-521")]
    [InlineData("RS256", null)]
    [InlineData("RS384", null)]
    [InlineData("RS512", null)]
    [InlineData("PS256", null)]
    [InlineData("PS384", null)]
    [InlineData("PS512", null)]
    public async Task Algorithm_IsTaken(string algorithm, string? curve)
    {
        using var client = await fixture.NewAccountAsync(curve is null ? TestKey.Rsa(algorithm: algorithm) : TestKey.Ec(curve));
        Assert.Equal(200, (int)(await client.PostAsync(client.AccountUrl!)).Status);
    }

    [Fact]
    public async Task MembersThatNobodyKnows_AreIgnored()
    {
        using var client = await fixture.NewAccountAsync();
        var answer = await client.PostAsync(client.AccountUrl!, null, jws =>
        {
            jws.Header["x-new"] = new JsonObject { ["a"] = 1 };
            jws.Last = json => json["other"] = new JsonArray(1, 2);
        });
        Assert.Equal(200, (int)answer.Status);
    }
}
