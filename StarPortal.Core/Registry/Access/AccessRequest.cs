using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

public enum AccessRequestStatus
{
    Waiting,
    Granted,
    Refused,
    Withdrawn,

    /// <summary>Nobody decided in time.</summary>
    Lapsed,
}

/// <summary>Somebody asks to use a resource.</summary>
public sealed class AccessRequest
{
    public const int MaxReason = 500;

    private AccessRequest()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid ResourceId { get; private set; }

    public Guid UserId { get; private set; }

    /// <summary>Unique in a resource while it waits; null afterwards.</summary>
    public Guid? OpenUserId { get; private set; }

    public string Reason { get; private set; } = "";

    public DateTimeOffset AskedAt { get; private set; }

    public AccessRequestStatus Status { get; private set; }

    public string? DecidedBy { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Why it was refused.</summary>
    public string? Answer { get; private set; }

    internal static AccessRequest Ask(RegistryResource resource, Guid userId, string reason, DateTimeOffset now) => new() { ResourceId = resource.Id, UserId = userId, OpenUserId = userId, Reason = reason, AskedAt = now };

    /// <exception cref="ServiceException">Conflict: it does not wait any more. As below.</exception>
    internal void Grant(Actor actor, DateTimeOffset now) => End(AccessRequestStatus.Granted, actor.Name, now);

    internal void Refuse(string answer, Actor actor, DateTimeOffset now)
    {
        End(AccessRequestStatus.Refused, actor.Name, now);
        Answer = answer;
    }

    internal void Withdraw(DateTimeOffset now) => End(AccessRequestStatus.Withdrawn, null, now);

    internal void Lapse(DateTimeOffset now) => End(AccessRequestStatus.Lapsed, null, now);

    private void End(AccessRequestStatus status, string? by, DateTimeOffset now)
    {
        if (Status is not AccessRequestStatus.Waiting) throw RegistryErrors.Decided();
        (Status, DecidedBy, EndedAt, OpenUserId) = (status, by, now, null);
    }
}
