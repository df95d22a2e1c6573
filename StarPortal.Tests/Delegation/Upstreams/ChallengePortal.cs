using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>The door that upstreams ask for http-01, on a plain port, over a database of its own.</summary>
internal sealed class ChallengePortal : IAsyncDisposable
{
    private readonly TestPortal portal;
    private readonly WebApplication app;
    private int served;

    private ChallengePortal(TestPortal portal, WebApplication app) => (this.portal, this.app) = (portal, app);

    /// <summary>Key authorizations that were given.</summary>
    public int Served => Volatile.Read(ref served);

    public HttpSolver Solver => app.Services.GetRequiredService<HttpSolver>();

    public PresentedChallenges Challenges => app.Services.GetRequiredService<PresentedChallenges>();

    public TestClock Clock => portal.Clock;

    public static async Task<ChallengePortal> StartAsync(int port, DatabaseProvider? provider = null)
    {
        var portal = await TestPortal.StartAsync(provider: provider);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddRoutingCore().AddAuthorization().AddLogging();
        builder.Services.AddSingleton(portal.Get<IDbContextFactory<PortalDbContext>>()).AddSingleton<TimeProvider>(portal.Clock);
        builder.Services.AddSingleton<PresentedChallenges>().AddSingleton<HttpSolver>();
        var scene = new ChallengePortal(portal, builder.Build());
        scene.app.Use(async (context, next) =>
        {
            await next();
            if (context.Response.StatusCode == 200) Interlocked.Increment(ref scene.served);
        });
        scene.app.MapPresentedChallenges();
        await scene.app.StartAsync(TestContext.Current.CancellationToken);
        return scene;
    }

    public async Task<int> CountAsync()
    {
        await using var db = portal.NewDb();
        return await db.PresentedChallenges.CountAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await portal.DisposeAsync();
    }
}
