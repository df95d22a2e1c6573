using Microsoft.Extensions.Configuration;

namespace StarPortal.Core.Acme;

/// <summary>Section <c>Acme</c> as the options are bound from it: a list may also be one value with commas, <c>Acme__DnsServers=192.0.2.1:53,192.0.2.2:53</c>.</summary>
internal static class AcmeConfiguration
{
    private static readonly string[] Lists =
        [nameof(AcmeOptions.DnsServers), nameof(AcmeOptions.AllowNets), nameof(AcmeOptions.DenyNets), nameof(AcmeOptions.Profiles), nameof(AcmeOptions.CaaIdentities)];

    /// <exception cref="InvalidOperationException">A setting that nothing reads, or a value of another type.</exception>
    public static void Bind(IConfiguration configuration, AcmeOptions options)
    {
        var settings = configuration.GetSection(AcmeOptions.Section).AsEnumerable(makePathsRelative: true).Where(setting => setting.Value is not null).SelectMany(Expand);
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
    }

    private static IEnumerable<KeyValuePair<string, string?>> Expand(KeyValuePair<string, string?> setting) =>
        Lists.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)
            ? setting.Value!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select((entry, index) => KeyValuePair.Create($"{setting.Key}:{index}", (string?)entry))
            : [setting];
}
