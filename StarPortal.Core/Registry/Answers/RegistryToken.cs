using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>What a machine shows that asks who may use a resource.</summary>
public sealed class RegistryToken
{
    public const int MaxLabel = 100;

    private RegistryToken()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid ResourceId { get; private set; }

    /// <summary>What people recognise it by, such as the machine's name.</summary>
    public string Label { get; private set; } = "";

    /// <summary>As <see cref="SecureTokens.Hash"/>. Unique.</summary>
    public string Hash { get; private set; } = "";

    public string CreatedBy { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? RevokedAt { get; private set; }

    public DateTimeOffset? LastUsedAt { get; private set; }

    internal static RegistryToken Of(RegistryResource resource, string label, string token, Actor actor, DateTimeOffset now) =>
        new() { ResourceId = resource.Id, Label = label, Hash = SecureTokens.Hash(token), CreatedBy = actor.Name, CreatedAt = now };

    /// <exception cref="ServiceException">Conflict: revoked already.</exception>
    internal void Revoke(DateTimeOffset now)
    {
        if (RevokedAt is not null) throw RegistryErrors.Revoked();
        RevokedAt = now;
    }
}
