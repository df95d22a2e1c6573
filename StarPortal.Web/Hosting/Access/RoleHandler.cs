using Microsoft.AspNetCore.Authorization;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting.Access;

/// <summary>Judges by what the database says now, as the services do, not by what the cookie said when it was made.</summary>
internal sealed class RoleHandler(Actors actors) : AuthorizationHandler<RoleRequirement>
{
    /// <summary>The role is there, but the session was opened without a second factor.</summary>
    public const string NeedsSecondFactor = "This role needs a second factor.";

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, RoleRequirement requirement)
    {
        var actor = await actors.ResolveAsync(context.User, address: null, CancellationToken.None);
        if (actor.Id is null) return;
        if (requirement.Roles.Count > 0 && !requirement.Roles.Any(actor.Is)) return;
        if (requirement.Roles.Any(IsPrivileged) && !actor.HasSecondFactor) context.Fail(new AuthorizationFailureReason(this, NeedsSecondFactor));
        else context.Succeed(requirement);
    }

    private static bool IsPrivileged(PortalRole role) => role is PortalRole.Officer or PortalRole.Administrator or PortalRole.Auditor;
}
