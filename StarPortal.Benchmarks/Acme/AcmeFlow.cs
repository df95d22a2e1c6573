using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace StarPortal.Benchmarks.Acme;

/// <summary>A client with one account: an order for a fresh name, its challenge if it has one, finalize and download, as quickly as the server answers.</summary>
internal sealed class AcmeFlow : IDisposable
{
    private static readonly MediaTypeHeaderValue Jose = new("application/jose+json");

    private readonly HttpClient http;
    private readonly ChallengeServer world;
    private readonly ECDsa accountKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa certificateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string thumbprint;
    private readonly string jwk;
    private readonly int number;
    private JsonElement directory;
    private string? account;
    private string? nonce;
    private long count;

    private AcmeFlow(HttpClient http, ChallengeServer world, int number)
    {
        (this.http, this.world, this.number) = (http, world, number);
        var point = accountKey.ExportParameters(includePrivateParameters: false).Q;
        jwk = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
        thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(jwk)));
    }

    public static async Task<AcmeFlow> OpenAsync(HttpClient http, ChallengeServer world, int number, CancellationToken ct)
    {
        var flow = new AcmeFlow(http, world, number);
        using var document = JsonDocument.Parse(await http.GetStringAsync("/acme/directory", ct));
        flow.directory = document.RootElement.Clone();
        using var head = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, flow.Url("newNonce")), ct);
        flow.nonce = head.Headers.GetValues("Replay-Nonce").Single();
        var (_, location, _) = await flow.PostAsync(flow.Url("newAccount"), """{"termsOfServiceAgreed":true}""", ct);
        flow.account = location;
        return flow;
    }

    public async Task RunAsync(CancellationToken ct)
    {
        var name = $"h{number}-{count++}-{Environment.ProcessId}.bench.example.org";
        var (order, orderUrl, _) = await PostJsonAsync(Url("newOrder"), $$"""{"identifiers":[{"type":"dns","value":"{{name}}"}]}""", ct);
        if (order.GetProperty("status").GetString() != "ready")
        {
            await ValidateAsync(order.GetProperty("authorizations")[0].GetString()!, ct);
            order = await PollAsync(orderUrl!, "ready", ct);
        }

        var request = new CertificateRequest("", certificateKey, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        (order, _, _) = await PostJsonAsync(order.GetProperty("finalize").GetString()!, $$"""{"csr":"{{Base64Url.EncodeToString(request.CreateSigningRequest())}}"}""", ct);
        if (order.GetProperty("status").GetString() != "valid") order = await PollAsync(orderUrl!, "valid", ct);
        var (pem, _, _) = await PostAsync(order.GetProperty("certificate").GetString()!, "", ct);
        if (!pem.AsSpan().StartsWith("-----BEGIN CERTIFICATE-----"u8)) throw new InvalidOperationException("No PEM was downloaded.");
    }

    public void Dispose()
    {
        http.Dispose();
        accountKey.Dispose();
        certificateKey.Dispose();
    }

    private async Task ValidateAsync(string url, CancellationToken ct)
    {
        var (authorization, _, _) = await PostJsonAsync(url, "", ct);
        var challenge = authorization.GetProperty("challenges").EnumerateArray().Single(candidate => candidate.GetProperty("type").GetString() == "http-01");
        var token = challenge.GetProperty("token").GetString()!;
        world.Expect(token, $"{token}.{thumbprint}");
        await PostJsonAsync(challenge.GetProperty("url").GetString()!, "{}", ct);
    }

    private async Task<JsonElement> PollAsync(string url, string wanted, CancellationToken ct)
    {
        for (var wait = 2; ; wait = Math.Min(2 * wait, 100))
        {
            var (order, _, _) = await PostJsonAsync(url, "", ct);
            var status = order.GetProperty("status").GetString();
            if (status == wanted) return order;
            if (status == "invalid") throw new InvalidOperationException(order.ToString());
            await Task.Delay(wait, ct);
        }
    }

    private string Url(string resource) => directory.GetProperty(resource).GetString()!;

    private async Task<(JsonElement Json, string? Location, int Status)> PostJsonAsync(string url, string payload, CancellationToken ct)
    {
        var (body, location, status) = await PostAsync(url, payload, ct);
        using var document = JsonDocument.Parse(body);
        return (document.RootElement.Clone(), location, status);
    }

    private async Task<(byte[] Body, string? Location, int Status)> PostAsync(string url, string payload, CancellationToken ct)
    {
        var key = account is null ? $"\"jwk\":{jwk}" : $"\"kid\":\"{account}\"";
        var header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"alg":"ES256",{{key}},"nonce":"{{nonce}}","url":"{{url}}"}"""));
        var content = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(payload));
        var signature = Base64Url.EncodeToString(accountKey.SignData(Encoding.ASCII.GetBytes($"{header}.{content}"), HashAlgorithmName.SHA256));
        using var body = new ByteArrayContent(Encoding.ASCII.GetBytes($$"""{"protected":"{{header}}","payload":"{{content}}","signature":"{{signature}}"}"""));
        body.Headers.ContentType = Jose;
        using var response = await http.PostAsync(url, body, ct);
        if (response.Headers.TryGetValues("Replay-Nonce", out var nonces)) nonce = nonces.Single();
        var answer = await response.Content.ReadAsByteArrayAsync(ct);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{(int)response.StatusCode} {url}: {Encoding.UTF8.GetString(answer)}");
        return (answer, response.Headers.Location?.OriginalString, (int)response.StatusCode);
    }
}
