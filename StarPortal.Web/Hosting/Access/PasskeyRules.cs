using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting.Access;

/// <summary>WebAuthn by our outward name: a passkey always verifies its user (so that it counts as two factors) and can be found without a user name.</summary>
internal sealed class PasskeyRules(IOptions<PortalOptions> portal) : IConfigureOptions<IdentityPasskeyOptions>
{
    public void Configure(IdentityPasskeyOptions options)
    {
        var origin = portal.Value.BaseUrl.GetLeftPart(UriPartial.Authority);
        options.ServerDomain = portal.Value.BaseUrl.Host;
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        options.AuthenticatorTimeout = TimeSpan.FromMinutes(3);
        // Against our own configuration, not the request's Origin header: forms are sent without one (Referrer-Policy: no-referrer).
        options.ValidateOrigin = context => ValueTask.FromResult(!context.CrossOrigin && string.Equals(context.Origin, origin, StringComparison.OrdinalIgnoreCase));
    }
}
