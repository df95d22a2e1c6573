using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace StarPortal.Core.Credentials;

public static class CredentialServices
{
    public static IServiceCollection AddCredentials(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CredentialOptions>().Bind(configuration.GetSection(CredentialOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<CredentialStore>().AddSingleton<KeyProof>().AddSingleton<DownloadService>().AddSingleton<MyCertificates>();
    }
}
