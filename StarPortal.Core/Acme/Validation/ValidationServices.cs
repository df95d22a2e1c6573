using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace StarPortal.Core.Acme;

/// <summary>The room's validators, CAA check and resolver; part of AddAcme.</summary>
internal static class ValidationServices
{
    public static IServiceCollection AddAcmeValidation(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AcmeOptions>()
            .Configure(options => ReadCommaLists(options, configuration.GetSection(AcmeOptions.Section)))
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

    /// <summary>One value with commas is a list as well: <c>Acme__DnsServers=192.0.2.1:53,192.0.2.2:53</c>.</summary>
    private static void ReadCommaLists(AcmeOptions options, IConfigurationSection section)
    {
        options.DnsServers = ListOf(section["DnsServers"]) ?? options.DnsServers;
        options.AllowNets = ListOf(section["AllowNets"]) ?? options.AllowNets;
        options.DenyNets = ListOf(section["DenyNets"]) ?? options.DenyNets;
        options.CaaIdentities = ListOf(section["CaaIdentities"]) ?? options.CaaIdentities;
    }

    private static string[]? ListOf(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

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
