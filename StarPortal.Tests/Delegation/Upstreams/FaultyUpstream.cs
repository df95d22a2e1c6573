using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>An ACME server of a test's making, over plain HTTP: it issues at once what it is asked for, until the test breaks one answer of it.</summary>
internal sealed class FaultyUpstream : IAsyncDisposable
{
    private readonly SmallCa ca = new();
    private readonly ScriptedServer server;
    private string? chain;
    private int nonces;

    public FaultyUpstream() => server = ScriptedServer.Start(IPAddress.Loopback, PlayAsync);

    /// <summary>Answers to a request such as <c>POST /order</c> instead; null: as usual.</summary>
    public Func<string, string?> Fault { get; set; } = _ => null;

    /// <summary>Plays a request by itself, down to the octets; false: as usual.</summary>
    public Func<string, NetworkStream, CancellationToken, Task<bool>> Play { get; set; } = (_, _, _) => Task.FromResult(false);

    /// <summary>What is certified for a signing request.</summary>
    public Func<SmallCa, byte[], string> Certify { get; set; } = (ca, csr) => ca.Certify(csr);

    public ConcurrentQueue<string> Asked { get; } = [];

    public string Url => $"http://127.0.0.1:{server.Port}";

    public UpstreamServer Server => new(new Uri($"{Url}/dir"))
    {
        AllowsPlainHttp = true, Limits = new() { Timeout = TimeSpan.FromSeconds(3), MaxWait = TimeSpan.FromSeconds(1), PollInterval = TimeSpan.FromMilliseconds(20), MaxBodyBytes = 64 * 1024 },
    };

    public string Order(string status, string more = "") => Json(
        $$"""{"status":"{{status}}","identifiers":[{"type":"dns","value":"www.example.org"}],"authorizations":["{{Url}}/authorization"],"finalize":"{{Url}}/finalize"{{more}}}""", 200, $"Location: {Url}/order");

    public string Json(string body, int status = 200, params string[] headers) => Answer(status, "application/json", body, headers);

    public string Problem(string type, int status, string detail = "No.", params string[] headers) =>
        Answer(status, "application/problem+json", $$"""{"type":"urn:ietf:params:acme:error:{{type}}","detail":"{{detail}}"}""", headers);

    public string Answer(int status, string type, string body, params string[] headers) =>
        $"HTTP/1.1 {status} X\r\nContent-Type: {type}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nReplay-Nonce: n{Interlocked.Increment(ref nonces)}\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        ca.Dispose();
    }

    private async Task PlayAsync(NetworkStream stream, CancellationToken ct)
    {
        var head = await ScriptedServer.ReadHeadAsync(stream, ct);
        var request = string.Join(' ', head.Split(' ').Take(2));
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) is { } line ? int.Parse(line[15..], CultureInfo.InvariantCulture) : 0;
        var body = new byte[length];
        await stream.ReadExactlyAsync(body, ct);
        Asked.Enqueue(request);
        if (await Play(request, stream, ct)) return;
        await stream.WriteAsync(Encoding.UTF8.GetBytes(Fault(request) ?? Usual(request, body)), ct);
    }

    private string Usual(string request, byte[] body) => request switch
    {
        "GET /dir" => Json($$"""{"newNonce":"{{Url}}/nonce","newAccount":"{{Url}}/account","newOrder":"{{Url}}/new","renewalInfo":"{{Url}}/ari","keyChange":"{{Url}}/key"}"""),
        "HEAD /nonce" => $"HTTP/1.1 200 X\r\nReplay-Nonce: n{Interlocked.Increment(ref nonces)}\r\nConnection: close\r\n\r\n",
        "POST /account" => Json("""{"status":"valid"}""", 201, $"Location: {Url}/account/1"),
        "POST /new" => Order("ready"),
        "POST /finalize" => Finalize(body),
        "POST /order" => Order("valid", $",\"certificate\":\"{Url}/certificate\""),
        "POST /certificate" => Answer(200, "application/pem-certificate-chain", chain!),
        _ => Problem("malformed", 404),
    };

    private string Finalize(byte[] jws)
    {
        var payload = JsonNode.Parse(Base64Url.DecodeFromChars(JsonNode.Parse(jws)!["payload"]!.GetValue<string>()))!;
        chain = Certify(ca, Base64Url.DecodeFromChars(payload["csr"]!.GetValue<string>()));
        return Order("processing");
    }
}
