using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Credentials;

public static class CredentialServices
{
    public static IServiceCollection AddCredentials(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CredentialOptions>().Bind(configuration.GetSection(CredentialOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IPassphraseKeys, KeptKeys>().AddSingleton<PassphraseMails>().AddSingleton<PassphraseService>();
        services.AddSingleton<HintService>().AddSingleton<IOutboxHandler, HintAskedHandler>();
        return services.AddSingleton<CredentialStore>().AddSingleton<KeyProof>().AddSingleton<DownloadService>().AddSingleton<MyCertificates>();
    }
}
