using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

public static class AcmeServices
{
    public static IServiceCollection AddAcme(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AcmeOptions>().Bind(configuration.GetSection(AcmeOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        AddWire(services);
        services.AddAcmeOrders();
        services.AddAcmeValidation(configuration);
        return services;
    }

    private static void AddWire(IServiceCollection services)
    {
        services.AddSingleton(provider => new AcmeLinks("/acme", provider.GetRequiredService<IOptions<PortalOptions>>().Value.Link("")));
        services.AddSingleton<AccountKeyPolicy>();
    }
}
