using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>That a person, or whoever is in a group, may use a resource.</summary>
public sealed class AccessGrant
{
    private AccessGrant()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public Guid ResourceId { get; private set; }

    /// <summary>Either this or <see cref="GroupId"/>.</summary>
    public Guid? UserId { get; private set; }

    public Guid? GroupId { get; private set; }

    /// <summary>Of the person or the group, as it was called when this was granted.</summary>
    public string Holder { get; private set; } = "";

    /// <summary>Id of the person or the group while it is in force; null afterwards. Unique in a resource.</summary>
    public Guid? OpenHolderId { get; private set; }

    /// <summary>The local account; null: what the resource says.</summary>
    public string? Account { get; private set; }

    public string GrantedBy { get; private set; } = "";

    public DateTimeOffset GrantedAt { get; private set; }

    /// <summary>Null: until somebody ends it.</summary>
    public DateTimeOffset? Until { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public string? EndedBy { get; private set; }

    public bool IsInForce(DateTimeOffset now) => EndedAt is null && !(Until <= now);

    internal static AccessGrant To(RegistryResource resource, PermissionHolder holder, PermissionTerms terms, Actor actor, DateTimeOffset now)
    {
        var permission = new AccessGrant { ResourceId = resource.Id, UserId = holder.UserId, GroupId = holder.GroupId, Holder = holder.Name, OpenHolderId = holder.UserId ?? holder.GroupId };
        permission.Grant(terms, actor, now);
        return permission;
    }

    /// <summary>Anew, for somebody who has, or had, it already.</summary>
    internal void Grant(PermissionTerms terms, Actor actor, DateTimeOffset now)
    {
        if (EndedAt is not null) throw RegistryErrors.Over();
        (Account, Until, GrantedBy, GrantedAt) = (terms.Account, terms.Until, actor.Name, now);
    }

    /// <exception cref="ServiceException">Conflict: it has ended already.</exception>
    internal void End(Actor actor, DateTimeOffset now)
    {
        if (EndedAt is not null) throw RegistryErrors.Over();
        (EndedAt, EndedBy, OpenHolderId) = (now, actor.Name, null);
    }
}

/// <summary>A person or a group.</summary>
internal sealed record PermissionHolder(Guid? UserId, Guid? GroupId, string Name);

/// <param name="Account">The local account; null: what the resource says.</param>
/// <param name="Until">Null: until somebody ends it.</param>
public sealed record PermissionTerms(string? Account, DateTimeOffset? Until)
{
    /// <exception cref="ServiceException">Invalid beside Account or Until.</exception>
    internal PermissionTerms Check(DateTimeOffset now)
    {
        if (Until <= now) throw RegistryErrors.Field(nameof(Until), "The end lies in the past.");
        return this with { Account = LocalAccount.Parse(Account, nameof(Account)) };
    }
}
