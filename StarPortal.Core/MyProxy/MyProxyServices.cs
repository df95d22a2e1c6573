using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace StarPortal.Core.MyProxy;

public static class MyProxyServices
{
    public static IServiceCollection AddMyProxy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<MyProxyOptions>().Bind(configuration.GetSection(MyProxyOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<OwnAuthorities>().AddSingleton<TrustDirectory>().AddSingleton<TrustRootShelf>();
        services.AddSingleton<HostIdentity>().AddSingleton<ProxyKeyPool>();
        services.AddSingleton<LiveConnections>().AddSingleton<MyProxyMetrics>().AddSingleton<TrustStores>().AddSingleton<TlsContexts>();
        services.AddSingleton<LogonSteps>().AddSingleton<RenewalProofs>().AddSingleton<DepositSteps>().AddSingleton<OwnerSteps>().AddSingleton<RetrievalSteps>();
        services.AddSingleton<ConversationTable>().AddSingleton<MyProxyConversation>().AddSingleton<PeerReader>().AddSingleton<ConnectionHandler>();
        services.AddSingleton<MyProxyListenerSettings>().AddSingleton<MyProxyListener>().AddSingleton<IHostedService>(provider => provider.GetRequiredService<MyProxyListener>());
        return services.AddMyProxyRepository().AddMyProxyMirror();
    }
}
