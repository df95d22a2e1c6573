namespace StarPortal.Core.Registry;

/// <summary>Somebody who decides who may use a resource.</summary>
public sealed class ResourceOwner
{
    private ResourceOwner()
    {
    }

    public Guid ResourceId { get; private set; }

    public Guid UserId { get; private set; }

    public DateTimeOffset Since { get; private set; }

    internal static ResourceOwner Of(RegistryResource resource, Guid userId, DateTimeOffset now) => new() { ResourceId = resource.Id, UserId = userId, Since = now };
}
