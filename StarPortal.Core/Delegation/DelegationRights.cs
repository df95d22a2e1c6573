using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>Whose delegations somebody may look after: owners their own, administrators with a second factor all.</summary>
internal static class DelegationRights
{
    public static bool MayManage(Guid ownerId, Actor actor) =>
        (actor.Id == ownerId && actor.Is(PortalRole.Owner)) || (actor.IsAdministrator && actor.HasSecondFactor);

    /// <summary>Auditors as well.</summary>
    public static bool MaySee(Guid ownerId, Actor actor) => MayManage(ownerId, actor) || (actor.Is(PortalRole.Auditor) && actor.HasSecondFactor);
}
