using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using StarPortal.Core.Identity;

namespace StarPortal.Web.Hosting.Access;

/// <summary>Accounts as the web sees them: cookies, passkeys, policies. What an account is and who may come in is Identity's business.</summary>
public static class Accounts
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddScoped<AuthenticationStateProvider, SessionWatch>();
        services.AddScoped<CurrentActor>();
        services.AddScoped<Sessions>();
        new IdentityBuilder(typeof(PortalUser), services).AddSignInManager();

        var authentication = services.AddAuthentication(IdentityConstants.ApplicationScheme);
        authentication.AddApplicationCookie();
        authentication.AddTwoFactorUserIdCookie(); // holds a passkey's challenge
        authentication.AddCookie(Sessions.SecondStepScheme);
        services.AddSingleton<SessionCookies>();
        services.AddSingleton<IConfigureOptions<CookieAuthenticationOptions>>(provider => provider.GetRequiredService<SessionCookies>());
        services.AddSingleton<IConfigureOptions<SecurityStampValidatorOptions>>(provider => provider.GetRequiredService<SessionCookies>());
        services.AddSingleton<IConfigureOptions<IdentityPasskeyOptions>, PasskeyRules>();

        services.AddAuthorization(Policies.Add);
        services.AddSingleton<IAuthorizationHandler, RoleHandler>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessAnswers>();
        return services;
    }

    /// <summary>For the rooms, which also run without the web: a key ring that is never in the database in the clear.</summary>
    public static IServiceCollection AddKeyRingSeal(this IServiceCollection services) =>
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeyRingSeal>();
}
