using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Registry;

/// <summary>What the outside registry was told: the key, the verb and the number of the change.</summary>
internal sealed record Told(string Key, string Verb, string Person, string State, int Revision);

/// <summary>An outside registry as docs/registry.md describes it, in this process: checks each signature, does each key once, lists whom it has.</summary>
internal sealed class OutsideServer : IAsyncDisposable
{
    public const string Secret = "a shared secret of more than thirty-two octets";

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, JsonObject> people = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Told> told = new();
    private readonly ConcurrentDictionary<string, string> keys = new(StringComparer.Ordinal);

    private OutsideServer(WebApplication app, int port, TimeProvider clock) => (this.app, Port, Clock) = (app, port, clock);

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}/people";

    /// <summary>Whose time signatures are compared with.</summary>
    public TimeProvider Clock { get; set; }

    /// <summary>Answers that instead; 0: it works.</summary>
    public int Trouble { get; set; }

    /// <summary>As <see cref="Trouble"/>, for one person alone.</summary>
    public string? TroubleFor { get; set; }

    /// <summary>Requests, the failed ones among them.</summary>
    public int Requests { get; private set; }

    public int PageSize { get; set; } = 2;

    /// <summary>Of the last change: the signature's header and the body.</summary>
    public (string Signature, byte[] Body) Last { get; private set; }

    /// <summary>What it did, in order; repeated keys are not in it.</summary>
    public IReadOnlyList<Told> Done => [.. told];

    public IReadOnlyDictionary<string, JsonObject> People => people;

    public static async Task<OutsideServer> StartAsync(TimeProvider? clock = null)
    {
        var port = FreePorts.Take(1)[0];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var server = new OutsideServer(app, port, clock ?? TimeProvider.System);
        app.Run(server.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    /// <summary>Settings of a portal that uses it.</summary>
    public Dictionary<string, string?> Settings(TestFolder folder)
    {
        File.WriteAllText(folder["outside-secret"], Secret + "\n");
        return new(StringComparer.Ordinal) { ["Registry:Outside:Url"] = Url, ["Registry:Outside:SecretFile"] = folder["outside-secret"], ["Registry:Outside:AllowPrivateAddresses"] = "true" };
    }

    public void Put(string person, string user, string dn, string state) => people[person] = new JsonObject { ["person"] = person, ["user"] = user, ["dn"] = dn, ["state"] = state };

    public void Forget(string person) => people.TryRemove(person, out _);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        Requests++;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (HttpMethods.IsPost(http.Request.Method)) Last = (http.Request.Headers["StarPortal-Signature"].ToString(), body.ToArray());
        if (!IsSigned(http.Request, body.ToArray())) http.Response.StatusCode = 401;
        else if (Trouble != 0) http.Response.StatusCode = Trouble;
        else if (HttpMethods.IsGet(http.Request.Method)) await http.Response.WriteAsync(List(http.Request.Query["after"]), http.RequestAborted);
        else http.Response.StatusCode = Take(http.Request.Headers["Idempotency-Key"].ToString(), Encoding.UTF8.GetString(body.ToArray()));
    }

    private int Take(string key, string body)
    {
        var change = JsonNode.Parse(body)!.AsObject();
        var (person, verb) = ((string)change["person"]!, (string)change["verb"]!);
        if (person == TroubleFor) return 400;
        if (!keys.TryAdd(key, body)) return keys[key] == body ? 200 : 409;
        told.Enqueue(new(key, verb, person, (string)change["state"]!, (int)change["revision"]!));
        if (verb == "remuser") return people.TryRemove(person, out _) ? 200 : 404;
        people[person] = change;
        return 204;
    }

    private string List(string? after)
    {
        var rest = people.OrderBy(pair => pair.Key, StringComparer.Ordinal).Where(pair => string.CompareOrdinal(pair.Key, after) > 0).ToList();
        var page = rest.Take(PageSize).ToList();
        return JsonSerializer.Serialize(new
        {
            people = page.Select(pair => new { person = pair.Key, user = (string?)pair.Value["user"], dn = (string?)pair.Value["dn"], state = (string?)pair.Value["state"] }),
            next = rest.Count > PageSize ? page[^1].Key : null,
        });
    }

    /// <summary>By the words of docs/registry.md, not by our own code.</summary>
    private bool IsSigned(HttpRequest request, byte[] body)
    {
        var parts = request.Headers["StarPortal-Signature"].ToString().Split(',').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[^1], StringComparer.Ordinal);
        if (!parts.TryGetValue("t", out var time) || !parts.TryGetValue("v1", out var signature)) return false;
        if (Math.Abs(long.Parse(time, CultureInfo.InvariantCulture) - Clock.GetUtcNow().ToUnixTimeSeconds()) > 300) return false;
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{time}.{request.Method}.{request.Path}{request.QueryString}."), .. body];
        return signature == Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed));
    }
}
