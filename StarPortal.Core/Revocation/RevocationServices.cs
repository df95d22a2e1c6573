using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Revocation;

public static class RevocationServices
{
    public static IServiceCollection AddRevocation(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RemovalOptions>().Bind(configuration.GetSection(RemovalOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<RevocationMails>().AddSingleton<RevocationService>().AddSingleton<KeyHolderRevocation>();
        services.AddSingleton<AccessLocks>().AddSingleton<RemovalMails>().AddSingleton<RemovalLocks>().AddSingleton<RemovalService>().AddSingleton<RemovalSearch>();
        services.AddSingleton<PieceByPiece>().AddSingleton<PersonAutomation>().AddSingleton<PersonGrants>().AddSingleton<RemovalCompletion>().AddSingleton<IAccountHold, RemovalHold>();
        services.AddSingleton<DataExport>();
        services.AddSingleton<LossReplacement>().AddSingleton<LostDevice>().AddSingleton<IOutboxHandler, LossAftermathHandler>();
        services.AddPortalJob<RemovalJob>("0 40 * * * ?");
        return services;
    }
}
