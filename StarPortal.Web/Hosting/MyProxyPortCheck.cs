using Microsoft.Extensions.Options;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;

namespace StarPortal.Web.Hosting;

/// <summary>MyProxy is no HTTP: its port is nobody else's.</summary>
internal sealed class MyProxyPortCheck(IOptions<PortalOptions> portal, IOptions<StarOptions> star) : IValidateOptions<MyProxyOptions>
{
    public ValidateOptionsResult Validate(string? name, MyProxyOptions options) =>
        options.Port != 0 && FindSame(options.Port) is { } same
            ? ValidateOptionsResult.Fail($"MyProxy:Port and {same} are both {options.Port}: give each a port of its own, or set MyProxy:Port to 0.")
            : ValidateOptionsResult.Success;

    private string? FindSame(int port)
    {
        try
        {
            if (port == portal.Value.HttpsPort) return $"{PortalOptions.Section}:{nameof(PortalOptions.HttpsPort)}";
            if (port == portal.Value.HttpPort) return $"{PortalOptions.Section}:{nameof(PortalOptions.HttpPort)}";
            return star.Value.HasLookup && port == star.Value.LookupPort ? $"{StarOptions.Section}:{nameof(StarOptions.LookupPort)}" : null;
        }
        catch (OptionsValidationException)
        {
            return null; // Those sections say by themselves what is wrong with them.
        }
    }
}
