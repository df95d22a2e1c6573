using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace StarPortal.Core.MyProxy;

public static class MyProxyServices
{
    public static IServiceCollection AddMyProxy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MyProxyOptions>().Bind(configuration.GetSection(MyProxyOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TrustStores>();
        return services.AddMyProxyRepository();
    }
}
