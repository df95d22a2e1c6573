using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace StarPortal.Tests.Acme;

/// <summary>An ACME client that does what it is told, wrong things too. Keeps the nonce of the last answer.</summary>
public sealed class AcmeClient(HttpClient http, TestKey? key = null, string path = "/acme") : IDisposable
{
    private JsonObject? directory;
    private string? nonce;

    public TestKey Key { get; set; } = key ?? TestKey.Ec();

    /// <summary>The account's URL, when there is one: requests are then signed with kid.</summary>
    public string? AccountUrl { get; set; }

    public async Task<JsonObject> DirectoryAsync() => directory ??= (await GetAsync($"{path}/directory")).Json;

    /// <summary>The URL of a resource by its name in the directory.</summary>
    public async Task<string> UrlOfAsync(string resource) => (await DirectoryAsync())[resource]!.GetValue<string>();

    public async Task<AcmeAnswer> GetAsync(string url, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, url);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return await AcmeAnswer.ReadAsync(response);
    }

    /// <summary>A nonce that has not been used: that of the last answer, or a fresh one.</summary>
    public async Task<string> NonceAsync()
    {
        var fresh = nonce ?? (await GetAsync(await UrlOfAsync("newNonce"), HttpMethod.Head)).Nonce!;
        nonce = null;
        return fresh;
    }

    /// <summary>Signs and sends.</summary>
    /// <param name="payload">JSON; null is POST-as-GET.</param>
    /// <param name="change">Breaks something before it is signed, or by <see cref="TestJws.Last"/> after.</param>
    public async Task<AcmeAnswer> PostAsync(string url, JsonNode? payload = null, Action<TestJws>? change = null)
    {
        var jws = await SignAsync(url, payload);
        change?.Invoke(jws);
        return await SendAsync(url, jws.ToString());
    }

    /// <summary>A request that would be right.</summary>
    public async Task<TestJws> SignAsync(string url, JsonNode? payload = null)
    {
        var header = new JsonObject { ["alg"] = Key.Algorithm, ["nonce"] = await NonceAsync(), ["url"] = url };
        if (AccountUrl is null) header["jwk"] = Key.Jwk.DeepClone();
        else header["kid"] = AccountUrl;
        var signer = Key;
        return new TestJws { Header = header, Payload = payload is null ? [] : Encoding.UTF8.GetBytes(payload.ToJsonString()), Sign = content => signer.Sign(content, header["alg"]?.ToString() ?? signer.Algorithm) };
    }

    public Task<AcmeAnswer> SendAsync(string url, string body, string contentType = "application/jose+json") => SendAsync(url, Encoding.UTF8.GetBytes(body), contentType);

    public async Task<AcmeAnswer> SendAsync(string url, byte[] body, string? contentType = "application/jose+json")
    {
        using var content = new ByteArrayContent(body);
        if (contentType is not null) content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.UserAgent.ParseAdd("starportal-tests/1.0");
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await AcmeAnswer.ReadAsync(response);
        nonce = answer.Nonce;
        return answer;
    }

    /// <summary>Makes an account and uses it from now on.</summary>
    public async Task<AcmeAnswer> RegisterAsync(JsonObject? account = null)
    {
        AccountUrl = null;
        var answer = await PostAsync(await UrlOfAsync("newAccount"), account ?? new JsonObject { ["termsOfServiceAgreed"] = true, ["contact"] = new JsonArray("mailto:admin@example.org") });
        if ((int)answer.Status is 200 or 201) AccountUrl = answer.Location;
        return answer;
    }

    /// <summary>As a client should: once more with the nonce of the refusal, when the first was not known any more (RFC 8555 6.5).</summary>
    public async Task<AcmeAnswer> AskAsync(string url, JsonNode? payload = null)
    {
        var answer = await PostAsync(url, payload);
        return answer.Problem == "badNonce" ? await PostAsync(url, payload) : answer;
    }

    /// <summary>The same account from another program: with nonces of its own.</summary>
    public AcmeClient Again() => new(http, Key, path) { AccountUrl = AccountUrl };

    public async Task<AcmeAnswer> OrderAsync(params string[] names) => await AskAsync(await UrlOfAsync("newOrder"), OrderOf(names));

    /// <summary>The payload of newOrder for these names and addresses.</summary>
    public static JsonObject OrderOf(params string[] names) => new()
    {
        ["identifiers"] = new JsonArray([.. names.Select(name => new JsonObject { ["type"] = IPAddress.TryParse(name, out _) ? "ip" : "dns", ["value"] = name })]),
    };

    public Task<AcmeAnswer> FinalizeAsync(AcmeAnswer order, byte[] csr) =>
        AskAsync(order.Json["finalize"]!.GetValue<string>(), new JsonObject { ["csr"] = Base64Url.EncodeToString(csr) });

    /// <summary>A certificate for names that need no challenge, or have been authorized.</summary>
    /// <returns>The valid order.</returns>
    public async Task<AcmeAnswer> IssueAsync(params string[] names)
    {
        var order = await OrderAsync(names);
        Assert.Equal("ready", order.Json["status"]!.GetValue<string>());
        var done = await FinalizeAsync(order, OrderScene.Csr(names));
        Assert.Equal("valid", done.Json["status"]!.GetValue<string>());
        return done;
    }

    /// <summary>The certificate of a valid order, without its issuers.</summary>
    public async Task<X509Certificate2> DownloadAsync(AcmeAnswer order) =>
        X509Certificate2.CreateFromPem((await AskAsync(order.Json["certificate"]!.GetValue<string>())).Text);

    public void Dispose() => Key.Dispose();
}
