using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

public static class AuthorityServices
{
    public static IServiceCollection AddAuthority(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AuthorityOptions>().Bind(configuration.GetSection(AuthorityOptions.Section)).ValidateDataAnnotations()
            .Validate(options => options.ServerKeySource is ServerKeyKind.File || !string.IsNullOrWhiteSpace(options.ServerKeyLocation),
                "Authority:ServerKeyLocation is missing: it names the environment variable or the secret file that holds the server key.")
            .Validate(options => IsName(options.BaseName), "Authority:BaseName is not a distinguished name such as DC=org, DC=example.")
            .ValidateOnStart();
        services.AddOptions<PortalOptions>().Validate(options => options.PkiBaseUrl.Scheme == Uri.UriSchemeHttp,
            "Portal:PkiUrl has to start with http:// (RFC 5280 4.2.1.13): what is behind it is signed, and clients would have to check TLS before they can check TLS.");

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ServerKey>();
        services.AddSingleton<AuthorityFiles>();
        services.AddSingleton<Issuers>();
        services.AddSingleton<IssuanceProfiles>();
        services.AddOptions<ExternalCaOptions>().Bind(configuration.GetSection(ExternalCaOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true);
        services.AddSingleton<ExternalAuthority>();
        services.AddSingleton<CertificateChains>();
        services.AddSingleton<WeakKeyList>();
        services.AddSingleton<KeyInspector>();
        services.AddSingleton<CertificateDrafts>();
        services.AddSingleton<CertificateBodies>();
        services.AddSingleton<CertificateFacts>();
        services.AddSingleton<CertificateAuthority>();
        services.AddSingleton<AuthorityProbe>();
        services.AddSingleton<CrlShelf>();
        services.AddSingleton<CrlPublisher>();
        services.AddSingleton<IOutboxHandler, PublishCrlHandler>();
        services.AddPortalJob<CrlJob>("0 0/10 * * * ?");
        services.AddSingleton<OcspIssuers>();
        services.AddSingleton<OcspSigners>();
        services.AddSingleton<OcspResponder>();
        services.AddSingleton<HostCertificates>();
        services.AddSingleton<CertificateSearch>();
        services.AddSingleton<ExpiryOutlook>();
        services.AddPortalJob<TlsCertificateJob>("0 15 * * * ?");
        services.AddSingleton<AuthoritySetupContext>();
        services.AddSingleton<AuthoritySetup>();
        return services;
    }

    private static bool IsName(string text)
    {
        try
        {
            return !DistinguishedName.Parse(text).IsEmpty;
        }
        catch (ServiceException)
        {
            return false;
        }
    }
}
