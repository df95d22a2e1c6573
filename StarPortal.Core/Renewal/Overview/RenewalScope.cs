using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>Whose certificates' renewals somebody has to do with.</summary>
internal static class RenewalScope
{
    /// <returns>Organisations; null: all of them.</returns>
    public static IReadOnlyList<Guid>? Of(Actor actor)
    {
        var grants = actor.Grants.Where(grant => grant.Role is PortalRole.Officer).ToList();
        return actor.IsAdministrator || actor.Is(PortalRole.Auditor) || grants.Exists(grant => grant.OrganisationId is null)
            ? null : [.. grants.Select(grant => grant.OrganisationId!.Value).Distinct()];
    }

    /// <exception cref="ServiceException">Unauthenticated; Forbidden without the role or the second factor.</exception>
    public static void RequireDecider(Actor actor) => actor.Require(actor.IsAdministrator ? PortalRole.Administrator : PortalRole.Officer);

    /// <summary>Auditors see too.</summary>
    /// <exception cref="ServiceException">As above.</exception>
    public static void RequireReader(Actor actor) => actor.Require(
        actor.IsAdministrator ? PortalRole.Administrator : actor.Is(PortalRole.Auditor) ? PortalRole.Auditor : PortalRole.Officer);
}
