using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.MyProxy;

/// <summary>The second sites' part of <c>AddMyProxy</c>.</summary>
internal static class MirrorServices
{
    public static IServiceCollection AddMyProxyMirror(this IServiceCollection services)
    {
        services.AddSingleton<MirrorSites>().AddSingleton<MirrorStates>().AddSingleton<MirrorOverview>();
        services.AddSingleton<MirrorHere>().AddSingleton<MirrorClient>().AddSingleton<MirrorToPortal>().AddSingleton<MirrorRuns>();
        services.AddSingleton<MirrorGate>().AddSingleton<MirrorIntake>();
        services.AddSingleton<IOutboxHandler, MirrorErrandHandler>().AddSingleton<IInterceptor, MirrorWatch>();
        return services.AddPortalJob<MirrorJob>("0 11 1 * * ?");
    }
}
