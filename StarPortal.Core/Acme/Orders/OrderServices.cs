using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Acme;

internal static class OrderServices
{
    /// <summary>Orders, their validation, namespaces, limits and renewal information.</summary>
    public static IServiceCollection AddAcmeOrders(this IServiceCollection services)
    {
        services.AddSingleton<OrderExtensions>().AddSingleton<OrderShelf>().AddSingleton<OrderStore>().AddSingleton<OrderPolicy>().AddSingleton<AuthorizationSupply>().AddSingleton<OrderReplacement>().AddSingleton<OrderAllowance>();
        services.AddSingleton<AcmeProfiles>().AddSingleton<OrderIntake>().AddSingleton<OrderService>().AddSingleton<AuthorizationService>().AddSingleton<ChallengeService>();
        services.AddSingleton<ValidationBacklog>().AddSingleton<ValidationAccounts>().AddSingleton<ValidationRetry>().AddSingleton<ValidationRecord>().AddSingleton<AttemptsUnderWay>().AddSingleton<ValidationAttempt>().AddSingleton<ValidationShares>().AddSingleton<ValidationWorker>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<ValidationWorker>());
        services.AddSingleton<CaaGate>().AddSingleton<CompromisedKeys>().AddSingleton<CertifiableKeys>().AddSingleton<FinalizeRefusals>().AddSingleton<FinalizeChecks>().AddSingleton<OrderSigner>().AddSingleton<OrderFinalizer>().AddSingleton<CertificateShelf>();
        services.AddSingleton<AcmeRevocation>().AddSingleton<AcmeLimits>();
        services.AddSingleton<OrderSearch>().AddSingleton<AcmeOutlook>();
        services.AddSingleton<NamespaceBook>().AddSingleton<NamespaceService>().AddSingleton<NamespaceSearch>().AddSingleton<NamespaceProof>().AddSingleton<NamespaceNews>().AddSingleton<NamespaceOwnership>();
        services.AddSingleton<CertificateIds>().AddSingleton<MassEventService>().AddSingleton<RenewalInfoService>();
        services.AddSingleton<IDirectoryMeta>(provider => provider.GetRequiredService<AcmeProfiles>());
        services.AddSingleton<IDirectoryMeta>(provider => provider.GetRequiredService<OrderExtensions>());
        services.AddSingleton<IValidateOptions<AcmeOptions>, OrderOptionsCheck>();
        services.AddPortalJob<OrderExpiryJob>("0 5/10 * * * ?");
        services.AddPortalJob<OrderPruneJob>("0 40 3 * * ?");
        return services;
    }
}
