using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Star;

namespace StarPortal.Web.Hosting;

/// <summary>What comes in by the look-up's port goes another way than all else: limits per address, then the look-up, and nothing behind it.</summary>
internal static class LookupPort
{
    public static void UseLookupPort(this WebApplication app) => app.Use(next =>
    {
        var options = app.Services.GetRequiredService<IOptions<StarOptions>>().Value;
        if (!options.HasLookup) return next;
        var lookup = Build(((IApplicationBuilder)app).New());
        return http => http.Connection.LocalPort == options.LookupPort ? lookup(http) : next(http);
    });

    private static RequestDelegate Build(IApplicationBuilder app)
    {
        app.UseMiddleware<LookupAnswers>();
        app.UseRateLimiter();
        app.RunLookup(
            app.ApplicationServices.GetRequiredService<RenewalLookup>(), app.ApplicationServices.GetRequiredService<StarFetch>(), app.ApplicationServices.GetRequiredService<AcmeLinks>());
        return app.Build();
    }
}
