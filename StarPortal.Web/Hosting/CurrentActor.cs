using Microsoft.AspNetCore.Components.Authorization;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting;

/// <summary>The actor of a page or a circuit: asked for at each action, because roles and locks count from the next action on.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication, IHttpContextAccessor http, Actors actors)
{
    public async Task<Actor> GetAsync(CancellationToken ct = default)
    {
        if (http.HttpContext is { } context && !IsCircuit(context)) return await context.GetActorAsync(actors, ct);
        var principal = (await authentication.GetAuthenticationStateAsync()).User;
        return await actors.ResolveAsync(principal, http.HttpContext?.Connection.RemoteIpAddress?.ToString(), ct);
    }

    /// <summary>The connection of an interactive page: its user is the circuit's, which outlives single requests.</summary>
    private static bool IsCircuit(HttpContext context) => context.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal);
}

public static class RequestActor
{
    /// <summary>The actor of a request, for doors that are not pages.</summary>
    public static Task<Actor> GetActorAsync(this HttpContext context, Actors actors, CancellationToken ct) =>
        actors.ResolveAsync(context.User, context.Connection.RemoteIpAddress?.ToString(), ct);
}
