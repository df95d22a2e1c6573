using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using StarPortal.Core.Identity;

namespace StarPortal.Web.Hosting.Access;

/// <summary>Looks once a minute whether the person of an open interactive page may still be there. (What the page asks a service is judged at each call.)</summary>
internal sealed class SessionWatch(ILoggerFactory loggers, Actors actors) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        (await actors.ResolveAsync(authenticationState.User, address: null, cancellationToken)).Id is not null;
}
