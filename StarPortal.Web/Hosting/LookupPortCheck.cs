using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;

namespace StarPortal.Web.Hosting;

/// <summary>The look-up has a port of its own: what comes in by it sees nothing else of the portal.</summary>
internal sealed class LookupPortCheck(IOptions<PortalOptions> portal) : IValidateOptions<StarOptions>
{
    public ValidateOptionsResult Validate(string? name, StarOptions options) =>
        options.HasLookup && FindSame(options.LookupPort) is { } same
            ? ValidateOptionsResult.Fail($"Star:LookupPort and Portal:{same} are both {options.LookupPort}: give each a port of its own, or set Star:LookupPort to 0.")
            : ValidateOptionsResult.Success;

    private string? FindSame(int port)
    {
        try
        {
            return port == portal.Value.HttpsPort ? nameof(PortalOptions.HttpsPort) : port == portal.Value.HttpPort ? nameof(PortalOptions.HttpPort) : null;
        }
        catch (OptionsValidationException)
        {
            return null; // Section Portal says by itself what is wrong with it.
        }
    }
}
