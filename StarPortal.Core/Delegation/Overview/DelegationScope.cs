using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>Whose delegations, consumers and orders a list may show: the rule of <see cref="DelegationRights.MaySee"/> for the database.</summary>
internal static class DelegationScope
{
    /// <returns>The owner; null: everybody's.</returns>
    /// <exception cref="ServiceException">Unauthenticated; Forbidden: neither an owner nor somebody who sees all.</exception>
    public static Guid? OwnerSeenBy(Actor actor)
    {
        var reader = actor.RequireSignedIn();
        if ((actor.IsAdministrator || actor.Is(PortalRole.Auditor)) && actor.HasSecondFactor) return null;
        actor.Require(PortalRole.Owner);
        return reader;
    }
}
