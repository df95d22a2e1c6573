using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Delegation;

public static class DelegationServices
{
    public static IServiceCollection AddDelegation(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DelegationOptions>().Bind(configuration.GetSection(DelegationOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<DelegationDirectory>().AddSingleton(provider => new AcmeDirectory(provider.GetRequiredService<DelegationDirectory>().Links));
        services.AddSingleton<ConsumerService>().AddSingleton<ConsumerAuthentication>();
        services.AddSingleton<DelegationRules>().AddSingleton<DelegationService>().AddSingleton<DelegationSetup>();
        services.AddSingleton<CsrGate>().AddSingleton<DelegationSignal>().AddSingleton<DelegatedOrderBook>().AddSingleton<DelegatedIntake>().AddSingleton<DelegatedOrderDecisions>();
        services.AddSingleton<RegistrationService>().AddSingleton<RegistrationPace>();
        services.AddSingleton<AskedDelegationReader>().AddSingleton<DelegatedOrderService>();
        services.AddSingleton<LocalAccounts>().AddSingleton<LocalRenewals>().AddSingleton<LocalOrders>().AddSingleton<LocalUpstream>();
        services.AddUpstreams();
        services.AddSingleton<IValidateOptions<DelegationOptions>, UpstreamOptionsCheck>();
        services.AddSingleton<UpstreamKeys>().AddSingleton<ChallengeSolvers>().AddSingleton<UpstreamFactory>().AddSingleton<UpstreamBook>();
        services.AddSingleton<KeptFetches>().AddSingleton<IHostedService, KeptFetchWorker>().AddSingleton<KeptCertificates>().AddSingleton<AcmeUpstreamRenewal>().AddSingleton<AcmeUpstreamPlacement>().AddSingleton<AcmeUpstreamParts>();
        services.AddSingleton<DelegationOverview>().AddSingleton<DelegatedOrderSearch>().AddSingleton<ConsumerOverview>().AddSingleton<DemoDelegations>();
        services.AddSingleton<DueOrders>().AddSingleton<DelegationEngine>().AddSingleton<DelegationWorker>();
        services.AddSingleton<DelegationNews>().AddSingleton<DelegationTroubles>().AddSingleton<ITimedWork, TimedDelegations>();
        services.AddPortalJob<DelegationUpkeepJob>("0 17 * * * ?").AddPortalJob<DelegationTroubleJob>("0 4/10 * * * ?");
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<DelegationWorker>());
        return services;
    }

    public static IEndpointRouteBuilder MapDelegation(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapRegistration();
        endpoints.MapDelegationServer();
        endpoints.MapPresentedChallenges();
        return endpoints;
    }
}
