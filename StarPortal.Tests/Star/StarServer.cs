using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace StarPortal.Tests.Star;

/// <summary>A web server of a test's making; says how often it was asked.</summary>
internal sealed class StarServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private int requests;

    private StarServer(WebApplication app)
    {
        this.app = app;
        app.Run(context =>
        {
            Interlocked.Increment(ref requests);
            return Answer(context);
        });
    }

    public RequestDelegate Answer { get; set; } = _ => Task.CompletedTask;

    public int Requests => Volatile.Read(ref requests);

    public Uri Url { get; private set; } = null!;

    /// <param name="tls">Over TLS with this certificate.</param>
    public static async Task<StarServer> StartAsync(X509Certificate2? tls = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (tls is not null) listen.UseHttps(tls);
        }));
        var server = new StarServer(builder.Build());
        await server.app.StartAsync(TestContext.Current.CancellationToken);
        var address = new Uri(server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        server.Url = new UriBuilder(address) { Host = "localhost", Path = "/acme/star/x" }.Uri;
        return server;
    }

    public void Answers(string pem, params (string Name, string Value)[] headers) => Answer = context =>
    {
        context.Response.ContentType = "application/pem-certificate-chain";
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        return context.Response.WriteAsync(pem);
    };

    /// <summary>A problem of ACME's, by the last part of its type.</summary>
    public void Refuses(string type, int status = 403) => Answer = context =>
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, "application/problem+json");
        return context.Response.WriteAsync($$"""{"type":"urn:ietf:params:acme:error:{{type}}","detail":"Some\u001bthing."}""");
    };

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
