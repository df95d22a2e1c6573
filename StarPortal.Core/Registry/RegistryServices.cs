using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Registry;

public static class RegistryServices
{
    public static IServiceCollection AddRegistry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RegistryOptions>().Bind(configuration.GetSection(RegistryOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RegistryOptions>, OutsideOptionsCheck>();
        services.AddSingleton<RegistryMetrics>().AddSingleton<RegistryMembership>().AddSingleton<RegistryBackfill>().AddSingleton<EntrySearch>();
        services.AddSingleton<PersonLookup>().AddSingleton<ResourceService>().AddSingleton<ResourceReader>().AddSingleton<GroupService>().AddSingleton<GroupReader>();
        services.AddSingleton<AccessNews>().AddSingleton<AccessRequests>().AddSingleton<AccessDesk>().AddSingleton<MyAccess>();
        services.AddSingleton<TokenService>().AddSingleton<TokenAuthentication>().AddSingleton<RegistryAnswers>();
        services.AddSingleton<OutsideDialer>().AddSingleton<OutsideHttp>().AddSingleton<OutsideRegistry>().AddSingleton<IOutboxHandler, OutsideTellingHandler>();
        services.AddSingleton<OutsideProbe>().AddSingleton<Reconciler>().AddSingleton<OutsideDesk>();
        services.AddSingleton<DemoRegistry>();
        services.AddPortalJob<RegistryUpkeepJob>("0 50 1 * * ?").AddPortalJob<ReconcileJob>("0 20 2 * * ?");
        return services;
    }
}
