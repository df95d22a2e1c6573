using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using StarPortal.Core.Identity;

namespace StarPortal.Web.Hosting.Access;

/// <summary>Every cookie of a session: this host only, HTTPS only, no scripts, none with requests from elsewhere but plain links; real time, wound clock or not.</summary>
internal sealed class SessionCookies(IOptions<AccountOptions> accounts, WallClock wall, SessionRegistry registry, IHttpContextAccessor http)
    : IConfigureNamedOptions<CookieAuthenticationOptions>, IConfigureOptions<SecurityStampValidatorOptions>
{
    private static readonly TimeSpan SecondStepTime = TimeSpan.FromMinutes(5);

    public void Configure(string? name, CookieAuthenticationOptions options)
    {
        options.TimeProvider = wall.Time;
        options.Cookie.HttpOnly = true;
        options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.Path = "/";
        options.LoginPath = "/account/sign-in";
        options.AccessDeniedPath = "/account/access-denied";
        options.ReturnUrlParameter = "returnUrl";
        (options.Cookie.Name, options.ExpireTimeSpan) = name switch
        {
            Sessions.SecondStepScheme => ("__Host-starportal-step", SecondStepTime),
            _ when name == IdentityConstants.ApplicationScheme => ("__Host-starportal", accounts.Value.SessionTime),
            _ => ("__Host-starportal-passkey", SecondStepTime), // the challenge that a passkey has to answer
        };
        options.SlidingExpiration = name == IdentityConstants.ApplicationScheme;
    }

    public void Configure(CookieAuthenticationOptions options) => Configure(Options.DefaultName, options);

    /// <summary>A locked account and a changed second factor end other sessions within a minute (at once for whatever asks a service).</summary>
    public void Configure(SecurityStampValidatorOptions options)
    {
        options.TimeProvider = wall.Time;
        options.ValidationInterval = TimeSpan.FromMinutes(1);
        options.OnRefreshingPrincipal = async context =>
        {
            // The new principal is made from the database, which does not know how this session was proved.
            var claims = context.CurrentPrincipal?.FindAll(claim => claim.Type is Actors.AmrClaim or Actors.SessionClaim or Sessions.DemoPersonaClaim) ?? [];
            if (context.NewPrincipal?.Identities.FirstOrDefault() is { } identity) identity.AddClaims(claims.Where(claim => !identity.HasClaim(claim.Type, claim.Value)));
            if (context.CurrentPrincipal is { } current && Actors.SessionOf(current) is { } session)
                await registry.SeeAsync(session, http.HttpContext?.Connection.RemoteIpAddress?.ToString(), CancellationToken.None);
        };
    }
}
