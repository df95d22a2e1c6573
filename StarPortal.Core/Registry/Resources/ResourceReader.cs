using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

public sealed record ResourceRow(Guid Id, string Name, string Description, bool IsClosed, int Owners, int Permissions, int Waiting);

public sealed record OwnerRow(Guid UserId, string UserName, string FullName);

/// <param name="State">Of the person's entry; null: not in the registry yet.</param>
public sealed record WaitingRow(AccessRequest Request, string UserName, string FullName, string? Organisation, RegistryEntryState? State);

/// <param name="Permissions">A page of those that have not been ended, by holder.</param>
public sealed record ResourceDetails(RegistryResource Resource, IReadOnlyList<OwnerRow> Owners, IReadOnlyList<WaitingRow> Waiting, IReadOnlyList<AccessGrant> Permissions, int Total)
{
    public required IReadOnlyList<RegistryToken> Tokens { get; init; }

    /// <summary>Those that access can be granted to.</summary>
    public required IReadOnlyList<(Guid Id, string Name)> Groups { get; init; }
}

/// <summary>Resources as those see them who look after them.</summary>
public sealed class ResourceReader(IDbContextFactory<PortalDbContext> contexts)
{
    public const int PageSize = 50;

    private const int MostShown = 1_000;
    private const int MostWaiting = 100;

    /// <exception cref="ServiceException">Unauthenticated, Forbidden: for administrators and auditors.</exception>
    public async Task<IReadOnlyList<ResourceRow>> ListAsync(Actor actor, CancellationToken ct)
    {
        RegistryRights.RequireReader(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (owners, permissions, requests) = (db.ResourceOwners, db.AccessGrants, db.AccessRequests);
        return await db.RegistryResources.AsNoTracking().OrderBy(resource => resource.Name).Take(MostShown).Select(resource => new ResourceRow(
            resource.Id, resource.Name, resource.Description, resource.ClosedAt != null, owners.Count(owner => owner.ResourceId == resource.Id),
            permissions.Count(permission => permission.ResourceId == resource.Id && permission.EndedAt == null),
            requests.Count(request => request.ResourceId == resource.Id && request.Status == AccessRequestStatus.Waiting))).ToListAsync(ct);
    }

    /// <exception cref="ServiceException">Unauthenticated, NotFound.</exception>
    public async Task<ResourceDetails> GetAsync(Guid id, int page, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var resource = await RegistryRights.FindResourceAsync(db, id, actor, ct);
        var open = db.AccessGrants.AsNoTracking().Where(permission => permission.ResourceId == id && permission.EndedAt == null);
        var owners = await db.ResourceOwners.Where(owner => owner.ResourceId == id).Join(db.Users, owner => owner.UserId, user => user.Id, (_, user) => user).OrderBy(user => user.NormalizedUserName)
            .Select(user => new OwnerRow(user.Id, user.UserName!, user.FullName)).ToListAsync(ct);
        var groups = await db.RegistryGroups.AsNoTracking().OrderBy(group => group.Name).Take(MostShown).Select(group => new { group.Id, group.Name }).ToListAsync(ct);
        return new(resource, owners, await WaitingAsync(db, id, ct),
            await open.OrderBy(permission => permission.Holder).ThenBy(permission => permission.Id).Skip((Math.Clamp(page, 1, 1_000_000) - 1) * PageSize).Take(PageSize).ToListAsync(ct), await open.CountAsync(ct))
        {
            Tokens = await db.RegistryTokens.AsNoTracking().Where(token => token.ResourceId == id).OrderBy(token => token.CreatedAt).ToListAsync(ct),
            Groups = groups.ConvertAll(group => (group.Id, group.Name)),
        };
    }

    private static async Task<IReadOnlyList<WaitingRow>> WaitingAsync(PortalDbContext db, Guid id, CancellationToken ct)
    {
        var (organisations, entries) = (db.Organisations, db.RegistryEntries);
        var rows = await db.AccessRequests.AsNoTracking().Where(request => request.ResourceId == id && request.Status == AccessRequestStatus.Waiting).OrderBy(request => request.AskedAt).Take(MostWaiting)
            .Join(db.Users, request => request.UserId, user => user.Id, (request, user) => new
            {
                request, user.UserName, user.FullName,
                Organisation = organisations.Where(organisation => organisation.Id == user.OrganisationId).Select(organisation => organisation.Name).FirstOrDefault(),
                Entry = entries.FirstOrDefault(entry => entry.UserId == user.Id && entry.Dn != ""),
            }).ToListAsync(ct);
        return rows.ConvertAll(row => new WaitingRow(row.request, row.UserName!, row.FullName, row.Organisation, row.Entry?.State));
    }
}
