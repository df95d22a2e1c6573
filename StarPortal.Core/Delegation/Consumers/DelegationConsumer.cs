using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>A name delegation consumer (NDC, RFC 9115 1.1): who gets certificates for an owner's names, such as a CDN. It belongs to the owner who wrote it down.</summary>
public sealed class DelegationConsumer
{
    private DelegationConsumer()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid OwnerId { get; private set; }

    public string Name { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Null: it may ask.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public bool IsActive => EndedAt is null;

    public static DelegationConsumer Create(string name, Guid ownerId, DateTimeOffset now) => new() { Name = name, OwnerId = ownerId, CreatedAt = now };

    /// <summary>Nothing is granted to it any more, by any credential.</summary>
    /// <exception cref="ServiceException">Conflict.</exception>
    public void End(DateTimeOffset now)
    {
        if (!IsActive) throw DelegationErrors.ConsumerEnded();
        EndedAt = now;
    }
}
