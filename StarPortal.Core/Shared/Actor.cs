namespace StarPortal.Core.Shared;

/// <summary>What a person may be in the portal. Kept as text; a person may hold several.</summary>
public enum PortalRole
{
    Subscriber,
    Officer,
    Owner,
    Administrator,
    Auditor,
}

/// <summary>A role that is in force now, for one organisation or (null) for all of them.</summary>
public sealed record ActorGrant(PortalRole Role, Guid? OrganisationId);

/// <summary>
/// Who asks: an argument of every service method that changes or reveals something, never ambient, so that the same service is right
/// in a request, a circuit, a job and a socket.
/// </summary>
/// <param name="Id">The person's account; null for the system and for visitors who have not signed in.</param>
/// <param name="Name">User name, or <c>system:job</c>, or <c>anonymous</c>; what the audit log shows.</param>
/// <param name="Grants">Roles in force when the actor was made.</param>
public sealed record Actor(Guid? Id, string Name, IReadOnlyList<ActorGrant> Grants)
{
    /// <summary>The network address of the caller, in text form; null for the system.</summary>
    public string? Address { get; init; }

    /// <summary>Whether this session was opened with a passkey or a second factor (or by a demo persona, who is exempt).</summary>
    public bool HasSecondFactor { get; init; }

    /// <summary>The session that asks, of those that the person can see and end; null for whoever is not in a browser.</summary>
    public Guid? SessionId { get; init; }

    public bool IsSystem { get; private init; }

    public static Actor Anonymous(string? address = null) => new(null, "anonymous", []) { Address = address };

    /// <summary>The portal itself, doing <paramref name="work"/> (a job's or an outbox kind's name).</summary>
    public static Actor System(string work) => new(null, $"system:{work}", []) { IsSystem = true, HasSecondFactor = true };

    public bool Is(PortalRole role) => Grants.Any(grant => grant.Role == role);

    public bool IsAdministrator => IsSystem || Is(PortalRole.Administrator);

    /// <summary>Whether this person is an RA officer of the organisation, by a grant for it or for all organisations.</summary>
    public bool IsOfficerOf(Guid organisationId) =>
        Grants.Any(grant => grant.Role is PortalRole.Officer && (grant.OrganisationId is null || grant.OrganisationId == organisationId));

    /// <exception cref="ServiceException">Unauthenticated, or Forbidden when the role or the second factor is missing.</exception>
    public void Require(PortalRole role)
    {
        if (IsSystem) return;
        if (Id is null) throw new ServiceException(ErrorKind.Unauthenticated, "Sign in first.");
        if (!Is(role)) throw new ServiceException(ErrorKind.Forbidden, $"This needs the role {role}.");
        if (role is not PortalRole.Subscriber and not PortalRole.Owner && !HasSecondFactor)
            throw new ServiceException(ErrorKind.Forbidden, "This needs a second factor: set up a passkey or an authenticator app on your account page, then sign in again.");
    }

    /// <exception cref="ServiceException">As <see cref="Require"/>, for <see cref="PortalRole.Officer"/>.</exception>
    public void RequireOfficer() => Require(PortalRole.Officer);

    /// <exception cref="ServiceException">As <see cref="Require"/>, for <see cref="PortalRole.Administrator"/>.</exception>
    public void RequireAdministrator() => Require(PortalRole.Administrator);

    /// <returns>The account's id.</returns>
    /// <exception cref="ServiceException">Unauthenticated when nobody is signed in.</exception>
    public Guid RequireSignedIn() => Id ?? throw new ServiceException(ErrorKind.Unauthenticated, "Sign in first.");
}
