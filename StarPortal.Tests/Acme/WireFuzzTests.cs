using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using StarPortal.Core.Acme;

namespace StarPortal.Tests.Acme;

/// <summary>
/// Damaged requests, the same ones at each run: the parsers answer with a refusal or a value, in no time, and the real pipeline never with a 500.
/// </summary>
[Trait("Category", "Unit")]
public sealed class WireFuzzTests(AcmeFixture fixture) : IClassFixture<AcmeFixture>
{
    private const int ParserInputs = 60_000;
    private const int JsonInputs = 30_000;
    private const int RequestInputs = 4_000;

    [Fact]
    public void Jws_Damaged_IsRefusedOrRead()
    {
        using var key = TestKey.Ec();
        var seeds = Seeds(key);
        var mutator = new Mutator(seed: 8555);
        var watch = Stopwatch.StartNew();
        for (var round = 0; round < ParserInputs; round++) Require(() => JwsReader.Read(mutator.Mutate(seeds[round % seeds.Length])));
        Assert.True(watch.Elapsed < TimeSpan.FromMinutes(2), $"{watch.Elapsed}");
    }

    /// <summary>The header's bytes are damaged and then put into an envelope that is right, so that they are reached.</summary>
    [Fact]
    public void Header_Damaged_IsRefusedOrRead()
    {
        using var key = TestKey.Rsa();
        var mutator = new Mutator(seed: 7515);
        var header = Encoding.UTF8.GetBytes(new JsonObject { ["alg"] = "RS256", ["nonce"] = "AAAA", ["url"] = "https://localhost/acme/new-account", ["jwk"] = key.Jwk.DeepClone() }.ToJsonString());
        for (var round = 0; round < JsonInputs; round++)
        {
            var damaged = System.Buffers.Text.Base64Url.EncodeToString(mutator.Mutate(header));
            Require(() => JwsReader.Read(Encoding.UTF8.GetBytes($$"""{"protected":"{{damaged}}","payload":"","signature":"AAAA"}""")).ReadKey());
        }
    }

    [Fact]
    public void Payload_Damaged_IsRefusedOrRead()
    {
        using var key = TestKey.Ec();
        var mutator = new Mutator(seed: 8259);
        var account = Encoding.UTF8.GetBytes(new JsonObject { ["contact"] = new JsonArray("mailto:a@example.org"), ["status"] = "valid", ["externalAccountBinding"] = new JsonObject { ["protected"] = "e30" } }.ToJsonString());
        var jwk = AcmeJwk.Restore(key.Jwk.ToJsonString());
        for (var round = 0; round < JsonInputs; round++)
        {
            var request = new AcmeRequest { Key = jwk, Payload = mutator.Mutate(account), Url = "", Actor = StarPortal.Core.Shared.Actor.Anonymous(), Links = new AcmeLinks("/acme", "https://localhost") };
            Require(() => ContactRules.Check(request.Read(AccountJsonContext.Default.AccountInputJson).Contact ?? []));
        }
    }

    [Fact]
    public void Identifier_Random_IsRefusedOrParsedToWhatItWas()
    {
        var mutator = new Mutator(seed: 8738);
        string[] seeds = ["www.example.org", "*.example.org", "xn--bcher-kva.example", "192.0.2.1", "2001:db8::1", "EXAMPLE.org", "a.b.c.d.e.f.example.", "fe80::1%eth0", "::ffff:192.0.2.1"];
        for (var round = 0; round < JsonInputs; round++)
        {
            var text = Encoding.UTF8.GetString(mutator.Mutate(Encoding.UTF8.GetBytes(seeds[round % seeds.Length])));
            Require(() =>
            {
                var parsed = AcmeIdentifier.Parse(round % 2 == 0 ? "dns" : "ip", text);
                Assert.Equal(parsed, AcmeIdentifier.Parse(parsed.TypeToken, parsed.Value));
            });
        }
    }

    [Fact]
    public async Task Request_Damaged_NeverBreaksTheServer()
    {
        using var client = await fixture.NewAccountAsync();
        var mutator = new Mutator(seed: 9112);
        string[] urls = [await client.UrlOfAsync("newAccount"), client.AccountUrl!, await client.UrlOfAsync("keyChange"), $"{fixture.Portal.BaseUrl}acme/directory"];
        string? nonce = null;
        for (var round = 0; round < RequestInputs; round++)
        {
            var url = urls[round % urls.Length];
            var body = mutator.Mutate(Encoding.UTF8.GetBytes(await SignAsync(client, url, round, mutator, nonce)));
            var answer = await client.SendAsync(url, body);
            nonce = answer.Nonce;
            Assert.True((int)answer.Status < 500, $"{answer.Status} {answer.Text}\n{Convert.ToBase64String(body)}");
            if ((int)answer.Status >= 400) Assert.NotNull(answer.Problem);
        }
    }

    /// <summary>Half of them with a payload that was damaged before it was signed, which only those who have an account can send.</summary>
    private static async Task<string> SignAsync(AcmeClient client, string url, int round, Mutator mutator, string? nonce)
    {
        var jws = await client.SignAsync(url);
        if (nonce is not null) jws.Header["nonce"] = nonce;
        if (round % 2 == 0) return jws.ToString();
        jws.Payload = mutator.Mutate("{\"contact\":[\"mailto:a@example.org\"],\"status\":\"valid\",\"protected\":\"e30\",\"payload\":\"e30\",\"signature\":\"AAAA\"}"u8.ToArray());
        mutator.SkipNext = true;
        return jws.ToString();
    }

    private static byte[][] Seeds(TestKey key)
    {
        var jws = new TestJws
        {
            Header = new JsonObject { ["alg"] = "ES256", ["nonce"] = "AAAA", ["url"] = "https://localhost/acme/new-account", ["jwk"] = key.Jwk.DeepClone() },
            Payload = "{\"contact\":[\"mailto:a@example.org\"]}"u8.ToArray(),
            Sign = content => key.Sign(content, "ES256"),
        };
        return [Encoding.UTF8.GetBytes(jws.ToString()), "{\"protected\":\"e30\",\"payload\":\"\",\"signature\":\"AA\",\"x\":[{\"a\":[1,2]}]}"u8.ToArray(), "{\"signatures\":[],\"header\":{}}"u8.ToArray()];
    }

    /// <summary>A value, or the refusal that the protocol has; nothing else comes out.</summary>
    private static void Require(Action parse)
    {
        try
        {
            parse();
        }
        catch (AcmeException)
        {
        }
    }
}
