using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

public static class AcmeServices
{
    public static IServiceCollection AddAcme(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AcmeOptions>().Configure(options => AcmeConfiguration.Bind(configuration, options))
            .ValidateDataAnnotations().ValidateOnStart();
        AddWire(services);
        AddAccounts(services);
        services.AddAcmeOrders();
        services.AddAcmeValidation();
        return services;
    }

    private static void AddWire(IServiceCollection services)
    {
        services.AddSingleton(provider => new AcmeLinks(AcmeLinks.MainPath, provider.GetRequiredService<IOptions<PortalOptions>>().Value.Link("")));
        services.AddSingleton(provider => new AcmeDirectory(provider.GetRequiredService<AcmeLinks>()));
        services.AddSingleton<AccountKeyPolicy>();
        services.AddMetrics().AddSingleton<AcmeMetrics>();
        services.AddSingleton<AcmeAuthenticator>();
        services.AddSingleton<AcmeNodes>();
        services.AddSingleton<SharedNonces>();
        services.AddSingleton<AcmeNonces>();
        services.AddHostedService<AcmeNodeBeat>();
        services.AddPortalJob<NoncePruneJob>("0 50 * * * ?");
    }

    private static void AddAccounts(IServiceCollection services)
    {
        services.AddSingleton<AccountCache>();
        services.AddSingleton<NewAccountRules>();
        services.AddSingleton<ExternalAccountBindings>();
        services.AddSingleton<AcmeAccountService>();
        services.AddSingleton<KeyChangeService>();
        services.AddSingleton<AccountOrders>();
        services.AddSingleton<AccountAdministration>();
        services.AddSingleton<ExternalAccountKeyService>();
        services.AddSingleton<ExternalAccountKeySearch>();
        services.AddSingleton<AcmeAccountSearch>();
        services.AddSingleton<AcmeOwners>().AddSingleton<AccountContacts>().AddSingleton<DailyReminder>();
    }
}
