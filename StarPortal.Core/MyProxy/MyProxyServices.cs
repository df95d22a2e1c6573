using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace StarPortal.Core.MyProxy;

public static class MyProxyServices
{
    public static IServiceCollection AddMyProxy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MyProxyOptions>().Bind(configuration.GetSection(MyProxyOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OwnAuthorities>().AddSingleton<TrustDirectory>().AddSingleton<TrustRootShelf>();
        services.AddSingleton<HostIdentity>().AddSingleton<ProxyKeyPool>();
        return services;
    }
}
