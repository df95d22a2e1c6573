using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Radzen;
using StarPortal.Core.Acme;
using StarPortal.Core.Shared;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Star;
using StarPortal.Web.Components;
using StarPortal.Web.Hosting.Access;
using StarPortal.Web.Hosting.Errors;
using StarPortal.Web.Hosting.Health;
using StarPortal.Web.Hosting.Metrics;
using StarPortal.Web.Hosting.Status;

namespace StarPortal.Web.Hosting;

/// <summary>What the web application itself needs besides the rooms: listeners, pipeline, pages.</summary>
public static class PortalWeb
{
    public static IServiceCollection AddPortalWeb(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IValidateOptions<PortalOptions>, PortalOptionsCheck>();
        services.AddSingleton<IValidateOptions<StarOptions>, LookupPortCheck>();
        services.AddSingleton<IValidateOptions<MyProxyOptions>, MyProxyPortCheck>();
        services.AddOptions<RateLimitOptions>().Bind(configuration.GetSection(RateLimitOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();

        services.AddSingleton<HostTls>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, KestrelListeners>();
        services.AddSingleton<IConfigureOptions<ForwardedHeadersOptions>, TrustedProxies>();
        services.AddSingleton<IConfigureOptions<RateLimiterOptions>, RateLimits>();
        services.AddRateLimiter();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "__Host-starportal-form";
            options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            options.SuppressXFrameOptionsHeader = true; // The Content-Security-Policy says it.
        });

        services.AddSingleton<Readiness>();
        services.AddSingleton<StatusReader>();
        services.AddMetricsExport();
        services.AddProblemDetails();
        services.AddRestDescription();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddCascadingAuthenticationState();
        services.AddAccounts();
        return services;
    }

    /// <summary>The order matters: who is calling, by what way, how often; then the answer's own handling of errors around everything else.</summary>
    public static WebApplication UsePortalWeb(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<FetchShortcut>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseLookupPort();
        app.UseMiddleware<PlainHttp>();
        app.UseMiddleware<HeadRequests>();
        app.UseErrorAnswers();
        app.UseMiddleware<AcmeAnswers>();
        app.UseMiddleware<RequestSize>();
        app.UseRouting();
        app.UseRateLimiter();
        app.UseMiddleware<BodySize>();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        return app;
    }

    /// <summary>The web application's own doors for machines.</summary>
    public static WebApplication MapPortalDoors(this WebApplication app)
    {
        app.MapHealth();
        app.MapMetrics();
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }

    public static WebApplication MapPortalPages(this WebApplication app)
    {
        app.MapStaticAssets().DisableRateLimiting();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
