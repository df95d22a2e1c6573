using Microsoft.Extensions.DependencyInjection;

namespace StarPortal.Core.Acme;

/// <summary>The room's validators, CAA check and resolver; part of AddAcme.</summary>
internal static class ValidationServices
{
    public static IServiceCollection AddAcmeValidation(this IServiceCollection services)
    {
        services.AddOptions<AcmeOptions>()
            .Validate(options => options.DnsServers.All(entry => DnsServerAddress.TryParse(entry) is not null), "Acme:DnsServers has an entry that is not host, host:port, address or [address]:port.")
            .Validate(options => options.AllowNets.All(IsNet), "Acme:AllowNets has an entry that is not a network such as 10.2.0.0/16 or fd00::/8.")
            .Validate(options => options.DenyNets.All(IsNet), "Acme:DenyNets has an entry that is not a network such as 10.2.0.0/16 or fd00::/8.");

        services.AddSingleton<DnsServerList>();
        services.AddSingleton<DnsResolver>();
        services.AddSingleton<AddressGuard>();
        services.AddSingleton<TargetResolver>();
        services.AddSingleton<TargetConnector>();
        services.AddSingleton<ValidationSlots>();
        services.AddSingleton<Http01Fetcher>();
        services.AddSingleton<TextChallenge>();
        services.AddSingleton<IChallengeValidator, Http01Validator>();
        services.AddSingleton<IChallengeValidator, Dns01Validator>();
        services.AddSingleton<IChallengeValidator, TlsAlpn01Validator>();
        services.AddSingleton<IChallengeValidator, DnsAccount01Validator>();
        services.AddSingleton<ICaaChecker, CaaChecker>();
        return services;
    }

    private static bool IsNet(string text)
    {
        try
        {
            AddressGuard.ParseNet(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
