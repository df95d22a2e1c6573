using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using StarPortal.Tests.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Verbs;

/// <summary>What a consumer sent.</summary>
internal sealed record SentRegistration(JsonObject Body, string? IdempotencyKey, string? Basic);

/// <summary>An owner's portal, and the CA behind it, as a consumer sees them; each answer is a test's to spoil.</summary>
internal sealed class PlayedPortal : IAsyncDisposable
{
    private readonly StarServer server;
    private readonly StarLeafs leafs = new();
    private readonly Dictionary<string, string> certificates = new(StringComparer.Ordinal);

    private PlayedPortal(StarServer server)
    {
        this.server = server;
        server.Answer = AnswerAsync;
    }

    public Uri Url => new(server.Url.GetLeftPart(UriPartial.Authority));

    public int Requests => server.Requests;

    public List<SentRegistration> Registrations { get; } = [];

    /// <summary>How often a registration is pending before it is decided.</summary>
    public int PendingAnswers { get; set; }

    /// <summary>Why registrations fail; null: they do not.</summary>
    public string? Reason { get; set; }

    /// <summary>Status of what is answered instead; null: nothing.</summary>
    public int? Refusal { get; set; }

    /// <summary>Where completion URLs lead; null: here.</summary>
    public Uri? CompletionHost { get; set; }

    public static async Task<PlayedPortal> StartAsync() => new(await StarServer.StartAsync());

    public static byte[] CsrOf(JsonObject body)
    {
        var pem = (string)body["csr"]!;
        return Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        leafs.Dispose();
    }

    private Task AnswerAsync(HttpContext http) => http.Request.Path.Value switch
    {
        "/star/registration" when http.Request.Method == "POST" => RegisterAsync(http),
        { } path when path.StartsWith("/star/registration/", StringComparison.Ordinal) => DescribeAsync(http, path.Split('/')[^1]),
        { } path => http.Response.WriteAsync(certificates[path.Split('/')[^1]]),
        null => Task.CompletedTask,
    };

    private async Task RegisterAsync(HttpContext http)
    {
        var body = (await JsonNode.ParseAsync(http.Request.Body))!.AsObject();
        var basic = AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var shown) && shown.Scheme == "Basic" ? shown.Parameter : null;
        var key = (string?)http.Request.Headers["Idempotency-Key"];
        Registrations.Add(new SentRegistration(body, key, basic));
        if (Refusal is { } status)
        {
            (http.Response.StatusCode, http.Response.ContentType) = (status, "application/problem+json");
            await http.Response.WriteAsync("""{"detail":"No delegation."}""");
            return;
        }

        certificates[key!] = Certify(CsrOf(body));
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = new Uri(CompletionHost ?? Url, $"/star/registration/{key}").AbsoluteUri;
        await DescribeAsync(http, key!);
    }

    private Task DescribeAsync(HttpContext http, string id)
    {
        http.Response.ContentType = "application/json";
        if (Reason is { } reason) return http.Response.WriteAsync(new JsonObject { ["status"] = "failed", ["reason"] = reason }.ToJsonString());
        if (PendingAnswers-- > 0)
        {
            http.Response.Headers.RetryAfter = "1";
            return http.Response.WriteAsync("""{"status":"pending"}""");
        }

        return http.Response.WriteAsync(new JsonObject { ["status"] = "valid", ["certificates"] = $"{Url.AbsoluteUri}certificate/{id}" }.ToJsonString());
    }

    private string Certify(byte[] csr)
    {
        var request = CertificateRequest.LoadSigningRequest(csr, HashAlgorithmName.SHA256);
        using var key = request.PublicKey.GetECDsaPublicKey()!;
        return leafs.Chain(key, TestClock.ProcessStart.AddHours(-1), TestClock.ProcessStart.AddHours(5));
    }
}
