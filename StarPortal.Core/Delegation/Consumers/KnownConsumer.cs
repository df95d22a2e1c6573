using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>A consumer whose credential was checked.</summary>
/// <param name="Address">Network address; null: unknown.</param>
public sealed record KnownConsumer(Guid Id, Guid OwnerId, string Name, string? Address)
{
    /// <summary>For the audit log.</summary>
    public Actor Actor { get; } = new Actor(null, $"consumer:{Id:N}", []) { Address = Address };
}
