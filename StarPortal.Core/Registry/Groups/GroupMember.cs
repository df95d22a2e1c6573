using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

public sealed class GroupMember
{
    private GroupMember()
    {
    }

    public Guid GroupId { get; private set; }

    public Guid UserId { get; private set; }

    /// <summary>User name of who said so.</summary>
    public string AddedBy { get; private set; } = "";

    public DateTimeOffset AddedAt { get; private set; }

    internal static GroupMember Of(RegistryGroup group, Guid userId, Actor actor, DateTimeOffset now) => new() { GroupId = group.Id, UserId = userId, AddedBy = actor.Name, AddedAt = now };
}
