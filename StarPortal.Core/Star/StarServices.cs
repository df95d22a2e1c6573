using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StarPortal.Core.Acme;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Star;

public static class StarServices
{
    public static IServiceCollection AddStar(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<StarOptions>().Bind(configuration.GetSection(StarOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<StarMetrics>().AddSingleton<AutoRenewalReader>().AddSingleton<StarIssuer>().AddSingleton<StarOrders>();
        services.AddSingleton<IOrderExtension, StarOrderExtension>();
        services.AddSingleton<RenewalChecks>().AddSingleton<StarPublication>().AddSingleton<RenewalEngine>().AddSingleton<RenewalWorker>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<RenewalWorker>());
        services.AddSingleton<StarShelf>().AddSingleton<FetchCounter>().AddSingleton<FetchGuesses>().AddSingleton<StarFetch>().AddSingleton<RenewalLookup>();
        services.AddSingleton<StarOrderSearch>().AddSingleton<StarCancellation>().AddSingleton<StarTroubles>().AddSingleton<StarOutlook>();
        services.AddSingleton<ITimedWork, TimedRenewals>();
        services.AddPortalJob<StarUpkeepJob>("0 7/10 * * * ?").AddPortalJob<StarTroubleJob>("0 2/10 * * * ?");
        return services;
    }
}
