using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>A role that a person holds, for one organisation or for all, from one instant to another.</summary>
public sealed class RoleGrant
{
    private RoleGrant()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid UserId { get; private set; }

    public PortalRole Role { get; private set; }

    /// <summary>Null: for every organisation.</summary>
    public Guid? OrganisationId { get; private set; }

    /// <summary>Whether the person stands in for the officers of the organisation; a deputy hears of requests when they escalate.</summary>
    public bool IsDeputy { get; private set; }

    public DateTimeOffset StartsAt { get; private set; }

    /// <summary>Null: until somebody ends it.</summary>
    public DateTimeOffset? EndsAt { get; private set; }

    public string GrantedBy { get; private set; } = "";

    public static RoleGrant To(
        Guid userId, PortalRole role, Guid? organisationId, bool isDeputy, DateTimeOffset startsAt, DateTimeOffset? endsAt, Actor grantedBy)
    {
        if (endsAt <= startsAt) throw new ServiceException(ErrorKind.Invalid, "The end lies before the start.", nameof(EndsAt));
        return new()
        {
            UserId = userId, Role = role, OrganisationId = organisationId, IsDeputy = isDeputy, StartsAt = startsAt, EndsAt = endsAt, GrantedBy = grantedBy.Name,
        };
    }

    public bool IsInForce(DateTimeOffset now) => StartsAt <= now && (EndsAt is null || now < EndsAt);

    public void End(DateTimeOffset now)
    {
        if (EndsAt <= now) throw new ServiceException(ErrorKind.Conflict, "This role has ended already.");
        EndsAt = now;
    }
}
