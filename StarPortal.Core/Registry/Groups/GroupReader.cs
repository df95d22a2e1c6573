using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

public sealed record GroupRow(Guid Id, string Name, string Description, int Members);

public sealed record MemberRow(Guid UserId, string UserName, string FullName, string AddedBy, DateTimeOffset AddedAt);

/// <param name="Members">A page of them, by user name.</param>
/// <param name="Resources">What its members may use by it.</param>
public sealed record GroupDetails(RegistryGroup Group, IReadOnlyList<MemberRow> Members, int Total, IReadOnlyList<string> Resources);

/// <summary>Groups as those see them who look after them.</summary>
public sealed class GroupReader(IDbContextFactory<PortalDbContext> contexts)
{
    public const int PageSize = 50;

    private const int MostShown = 1_000;

    /// <returns>Administrators and auditors: all; anybody else: one's own.</returns>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<IReadOnlyList<GroupRow>> ListAsync(Actor actor, CancellationToken ct)
    {
        var userId = actor.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (isReader, members) = (RegistryRights.IsAdministrator(actor) || (actor.Is(PortalRole.Auditor) && actor.HasSecondFactor), db.GroupMembers);
        return await db.RegistryGroups.AsNoTracking().Where(group => isReader || group.OwnerId == userId).OrderBy(group => group.Name).Take(MostShown)
            .Select(group => new GroupRow(group.Id, group.Name, group.Description, members.Count(member => member.GroupId == group.Id))).ToListAsync(ct);
    }

    /// <exception cref="ServiceException">Unauthenticated, NotFound.</exception>
    public async Task<GroupDetails> GetAsync(Guid id, int page, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var group = await RegistryRights.FindGroupAsync(db, id, actor, ct);
        var (members, resources) = (db.GroupMembers.AsNoTracking().Where(member => member.GroupId == id), db.RegistryResources);
        var rows = await members.Join(db.Users, member => member.UserId, user => user.Id, (member, user) => new { member, user }).OrderBy(row => row.user.NormalizedUserName)
            .Skip((Math.Clamp(page, 1, 1_000_000) - 1) * PageSize).Take(PageSize).Select(row => new MemberRow(row.user.Id, row.user.UserName!, row.user.FullName, row.member.AddedBy, row.member.AddedAt)).ToListAsync(ct);
        var usable = await db.AccessGrants.Where(permission => permission.GroupId == id && permission.EndedAt == null)
            .Join(resources, permission => permission.ResourceId, resource => resource.Id, (_, resource) => resource.Name).Distinct().OrderBy(name => name).ToListAsync(ct);
        return new(group, rows, await members.CountAsync(ct), usable);
    }
}
