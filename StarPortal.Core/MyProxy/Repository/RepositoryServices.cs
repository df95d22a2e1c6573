using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.MyProxy;

/// <summary>The repository's part of <c>AddMyProxy</c>.</summary>
internal static class RepositoryServices
{
    public static IServiceCollection AddMyProxyRepository(this IServiceCollection services)
    {
        services.AddOptions<MyProxyOptions>().Validate(options => options.Policies.FindBadPattern() is null, "MyProxy:Policies has an entry that is no pattern of names: see NamePattern in docs/myproxy.md.");
        services.AddSingleton<ServerPolicies>();
        services.AddSingleton<CredentialVault>().AddSingleton<CredentialVerifier>().AddSingleton<LogonGuesses>().AddSingleton<CredentialOpener>();
        services.AddSingleton<CredentialUses>().AddSingleton<CredentialUnlocking>().AddSingleton<CredentialRewrite>();
        services.AddSingleton<CredentialDeposit>().AddSingleton<DepositChecks>();
        services.AddSingleton<LogonService>().AddSingleton<DepositService>().AddSingleton<RetrievalService>().AddSingleton<CredentialDesk>();
        services.AddSingleton<PortalCredentials>().AddSingleton<RepositoryImport>().AddSingleton<RepositoryExport>();
        services.AddSingleton<MyStoredCredentials>().AddSingleton<StoredCredentialSearch>().AddSingleton<StoredCredentialAdministration>();
        services.AddPortalJob<AttemptsPruneJob>("0 50 * * * ?");
        return services;
    }
}
