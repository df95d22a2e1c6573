using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Authority;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Authority;

/// <summary>The PKI doors of a portal on a free loopback port, over plain HTTP.</summary>
internal sealed class PkiListener : IAsyncDisposable
{
    private readonly WebApplication app;

    private PkiListener(WebApplication app, Uri url) => (this.app, Url, Http) = (app, url, new HttpClient { BaseAddress = url });

    public Uri Url { get; }

    public HttpClient Http { get; }

    public static async Task<PkiListener> StartAsync(TestPortal portal)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(portal.Get<TimeProvider>()).AddSingleton(portal.Get<Issuers>()).AddSingleton(portal.Get<CrlShelf>()).AddSingleton(portal.Get<OcspResponder>());
        var app = builder.Build();
        app.UseRouting();
        app.MapAuthority();
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new(app, new Uri(address));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.DisposeAsync();
    }
}
