using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Identity;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.MyProxy;

/// <summary>The repository's part of <c>AddMyProxy</c>.</summary>
internal static class RepositoryServices
{
    public static IServiceCollection AddMyProxyRepository(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<MyProxyOptions>, MyProxyOptionsCheck>();
        services.AddSingleton<ServerPolicies>();
        services.AddSingleton<CredentialVault>().AddSingleton<CredentialVerifier>().AddSingleton<LogonGuesses>().AddSingleton<CredentialOpener>();
        services.AddSingleton<CredentialUses>().AddSingleton<CredentialUnlocking>().AddSingleton<CredentialRewrite>();
        services.AddSingleton<CredentialDeposit>().AddSingleton<DepositChecks>();
        services.AddSingleton<LogonService>().AddSingleton<DepositService>().AddSingleton<RetrievalService>().AddSingleton<CredentialDesk>();
        services.AddSingleton<PortalCredentials>().AddSingleton<CredentialSwap>().AddSingleton<RepositoryImport>().AddSingleton<RepositoryExport>();
        services.AddSingleton<MyStoredCredentials>().AddSingleton<StoredCredentialSearch>().AddSingleton<StoredCredentialAdministration>();
        services.AddSingleton<CredentialLocks>().AddSingleton<IPassphraseKeys, PersonKeys>().AddSingleton<PersonPassphrase>();
        services.AddPortalJob<AttemptsPruneJob>("0 50 * * * ?");
        return services;
    }
}
