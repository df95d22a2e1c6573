using Radzen;
using StarPortal.Web.Components;
using StarPortal.Web.Hosting.Access;

namespace StarPortal.Web.Hosting;

/// <summary>What the web application itself needs besides the rooms: pages, their components, the pipeline.</summary>
public static class PortalWeb
{
    public static IServiceCollection AddPortalWeb(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddCascadingAuthenticationState();
        services.AddAccounts();
        return services;
    }

    public static WebApplication UsePortalWeb(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        return app;
    }

    public static WebApplication MapPortalPages(this WebApplication app)
    {
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);
        return app;
    }
}
