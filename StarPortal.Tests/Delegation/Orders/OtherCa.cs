using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>A second StarPortal that is the CA behind a delegation: names in example.org need no challenge there. A test may play single requests by itself.</summary>
internal sealed class OtherCa : IAsyncDisposable
{
    public const string Upstream = "other";

    private readonly TestFolder folder = new();

    public WebPortal Portal { get; private set; } = null!;

    /// <summary>What makes this CA known to a portal.</summary>
    public (string Name, string Value)[] Settings => [($"Delegation:Upstreams:{Upstream}:Directory", $"{Portal.BaseUrl}acme/directory"), ($"Delegation:Upstreams:{Upstream}:RootsFile", folder["root.pem"])];

    /// <summary>
    /// Requests as they came, such as <c>POST /acme/new-order</c>; ids are left out. Without those that were answered with 400: a nonce that has grown old, as nonces do on
    /// some databases, is asked for again.
    /// </summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Plays a request; the second argument goes on as usual. The name is as in <see cref="Asked"/>.</summary>
    public Func<string, HttpContext, Func<Task>, Task> Play { get; set; } = (_, _, next) => next();

    /// <param name="settings">Besides those of a CA with STAR.</param>
    public static async Task<OtherCa> StartAsync(params (string Name, string Value)[] settings)
    {
        var ca = new OtherCa();
        Dictionary<string, string?> all = new(StringComparer.Ordinal) { ["Acme:Namespaces:0:Suffix"] = "example.org", ["Acme:Namespaces:0:Challenge"] = "waived" };
        foreach (var (name, value) in settings) all[name] = value;
        ca.Portal = await WebPortal.StartAsync(all, services: services => services.AddSingleton<IStartupFilter>(new Filter(ca)));
        await File.WriteAllTextAsync(ca.folder["root.pem"], ca.Portal.RootPem);
        return ca;
    }

    /// <summary>A CA without STAR, whose certificates have seven days.</summary>
    public static Task<OtherCa> StartPlainAsync(params (string Name, string Value)[] settings) =>
        StartAsync([("Star:AllowCertificateGet", "false"), ("Acme:Profiles:0", "star"), .. settings]);

    /// <summary>A portal whose delegations can have their certificates from here.</summary>
    public Task<DelegationScene> StartOwnerAsync(params (string Name, string Value)[] settings) => DelegationScene.StartAsync(null, [.. Settings, .. settings]);

    /// <summary>As <see cref="DelegationScene.Terms"/>, from here.</summary>
    public static StarPortal.Core.Delegation.DelegationTerms Terms() => DelegationScene.Terms() with { Upstream = Upstream };

    /// <summary>Time passes at both, and each does what is due.</summary>
    public async Task PassAsync(DelegationScene owner, TimeSpan time)
    {
        Portal.Clock.Advance(time);
        owner.Portal.Clock.Advance(time);
        await Portal.Get<RenewalEngine>().RenewDueAsync(TestContext.Current.CancellationToken);
        await owner.WorkAsync();
    }

    public int CountOf(string request) => Asked.Count(asked => asked == request);

    /// <summary>Answers with a problem document.</summary>
    public static async Task RefuseAsync(HttpContext http, int status, string type, string? retryAfter = null)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/problem+json";
        if (retryAfter is not null) http.Response.Headers.RetryAfter = retryAfter;
        await http.Response.WriteAsync($$"""{"type":"urn:ietf:params:acme:error:{{type}}","detail":"Internal detail of the CA."}""");
    }

    /// <summary>Goes on as usual, and changes the body of the answer.</summary>
    public static async Task RewriteAsync(HttpContext http, Func<Task> next, Func<string, string> change)
    {
        var (wire, kept) = (http.Response.Body, new MemoryStream());
        http.Response.Body = kept;
        await next();
        http.Response.Body = wire;
        var body = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(kept.ToArray())));
        http.Response.ContentLength = body.Length;
        await wire.WriteAsync(body);
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        folder.Dispose();
    }

    private static string NameOf(HttpRequest request) =>
        $"{request.Method} {string.Join('/', request.Path.Value!.Split('/').Where(part => part.Length < 32))}";

    private sealed class Filter(OtherCa ca) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, go) =>
            {
                var name = NameOf(http.Request);
                try
                {
                    await ca.Play(name, http, () => go(http));
                }
                finally
                {
                    if (http.Response.StatusCode is not StatusCodes.Status400BadRequest) ca.Asked.Enqueue(name);
                }
            });
            next(app);
        };
    }
}
