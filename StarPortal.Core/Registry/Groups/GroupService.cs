using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>Groups: administrators and owners of a resource make them; whoever made one says who is in it.</summary>
public sealed class GroupService(IDbContextFactory<PortalDbContext> contexts, PersonLookup people, TimeProvider clock)
{
    private const int MaxGroups = 1_000;
    private const int MaxMembers = 10_000;

    /// <exception cref="ServiceException">Unauthenticated; Forbidden: owns no resource; Invalid beside Name or Description; TooMany.</exception>
    public async Task<RegistryGroup> CreateAsync(string? name, string? description, Actor actor, CancellationToken ct)
    {
        var userId = actor.IsSystem ? Guid.Empty : actor.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (!RegistryRights.IsAdministrator(actor) && !await db.ResourceOwners.AnyAsync(owner => owner.UserId == userId, ct)) throw new ServiceException(ErrorKind.Forbidden, "Groups are made by those who own a resource, and by administrators.");
        var (group, now) = (RegistryGroup.Create(name, description, userId, clock.GetUtcNow()), clock.GetUtcNow());
        if (await db.RegistryGroups.AnyAsync(other => other.Name == group.Name, ct)) throw RegistryErrors.Field(nameof(RegistryGroup.Name), "There is a group of this name.");
        if (await db.RegistryGroups.CountAsync(ct) >= MaxGroups) throw RegistryErrors.Full($"There is room for {MaxGroups} groups.");
        db.RegistryGroups.Add(group);
        await db.SaveAsync(AuditAction.RegistryGroupCreated, group, null, actor, now, ct);
        return group;
    }

    /// <exception cref="ServiceException">Unauthenticated, NotFound; Invalid beside Person; TooMany.</exception>
    public async Task AddMemberAsync(Guid groupId, string? userName, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var group = await RegistryRights.FindGroupAsync(db, groupId, actor, ct);
        var user = await people.GetAsync(db, userName, "Person", actor, ct);
        if (await db.GroupMembers.FindAsync([groupId, user.Id], ct) is not null) throw RegistryErrors.Field("Person", "This person is in it already.");
        if (await db.GroupMembers.CountAsync(member => member.GroupId == groupId, ct) >= MaxMembers) throw RegistryErrors.Full($"A group has {MaxMembers} members at most.");
        var now = clock.GetUtcNow();
        db.GroupMembers.Add(GroupMember.Of(group, user.Id, actor, now));
        await db.SaveAsync(AuditAction.RegistryGroupMemberAdded, group, user.UserName, actor, now, ct);
    }

    /// <exception cref="ServiceException">Unauthenticated, NotFound.</exception>
    public async Task RemoveMemberAsync(Guid groupId, Guid userId, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var group = await RegistryRights.FindGroupAsync(db, groupId, actor, ct);
        var member = await db.GroupMembers.FindAsync([groupId, userId], ct) ?? throw RegistryErrors.GroupNotFound();
        db.GroupMembers.Remove(member);
        var userName = await db.Users.Where(user => user.Id == userId).Select(user => user.UserName).SingleOrDefaultAsync(ct);
        await db.SaveAsync(AuditAction.RegistryGroupMemberRemoved, group, userName, actor, clock.GetUtcNow(), ct);
    }

    /// <summary>What its members might use by it ends.</summary>
    /// <exception cref="ServiceException">Unauthenticated, NotFound.</exception>
    public async Task RemoveAsync(Guid groupId, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var group = await RegistryRights.FindGroupAsync(db, groupId, actor, ct);
        var now = clock.GetUtcNow();
        foreach (var permission in await db.AccessGrants.Where(permission => permission.GroupId == groupId && permission.EndedAt == null).ToListAsync(ct)) permission.End(actor, now);
        db.RegistryGroups.Remove(group);
        await db.SaveAsync(AuditAction.RegistryGroupRemoved, group, null, actor, now, ct);
    }
}
