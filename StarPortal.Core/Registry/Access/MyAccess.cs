using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <param name="IsMine">Whether the reader looks after it.</param>
/// <param name="Waiting">Requests that wait for its owners; 0 for anybody else.</param>
/// <param name="Account">As which local account the reader may use it; null: may not.</param>
/// <param name="Request">The reader's newest request for it; null: none.</param>
public sealed record ResourceChoice(RegistryResource Resource, bool IsMine, int Waiting, string? Account, DateTimeOffset? Until, AccessRequest? Request);

/// <param name="Entry">Null: not in the registry yet.</param>
public sealed record MyRegistry(RegistryEntry? Entry, IReadOnlyList<ResourceChoice> Resources);

/// <summary>The registry as anybody who is signed in sees it: what there is, what one may use, what one has asked for.</summary>
public sealed class MyAccess(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private const int MostShown = 1_000;

    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public async Task<MyRegistry> ReadAsync(Actor actor, CancellationToken ct)
    {
        var userId = actor.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var entry = await db.RegistryEntries.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.UserId == userId && candidate.Dn != "", ct);
        var resources = await db.RegistryResources.AsNoTracking().Where(resource => resource.ClosedAt == null).OrderBy(resource => resource.Name).Take(MostShown).ToListAsync(ct);
        var mine = await db.ResourceOwners.Where(owner => owner.UserId == userId).Select(owner => owner.ResourceId).ToListAsync(ct);
        var requests = await db.AccessRequests.AsNoTracking().Where(request => request.UserId == userId).OrderBy(request => request.AskedAt).ToListAsync(ct);
        var waiting = await WaitingAsync(db, mine, ct);
        var granted = await GrantedAsync(db, userId, ct);
        return new(entry, [.. resources.Select(resource => Choose(resource, mine, waiting, granted, entry, requests))]);
    }

    /// <returns>Requests that wait for this person; 0 for nobody.</returns>
    public async Task<int> CountWaitingAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Id is not { } userId) return 0;
        await using var db = await contexts.CreateDbContextAsync(ct);
        IQueryable<ResourceOwner> owners = db.ResourceOwners.Where(owner => owner.UserId == userId);
        return await db.AccessRequests.CountAsync(request => request.Status == AccessRequestStatus.Waiting && owners.Any(owner => owner.ResourceId == request.ResourceId), ct);
    }

    private static async Task<Dictionary<Guid, int>> WaitingAsync(PortalDbContext db, List<Guid> mine, CancellationToken ct) => mine.Count == 0
        ? []
        : await db.AccessRequests.Where(request => request.Status == AccessRequestStatus.Waiting && mine.Contains(request.ResourceId)).GroupBy(request => request.ResourceId)
            .Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, ct);

    private async Task<ILookup<Guid, AccessGrant>> GrantedAsync(PortalDbContext db, Guid userId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var groups = db.GroupMembers.Where(member => member.UserId == userId).Select(member => (Guid?)member.GroupId);
        var permissions = await db.AccessGrants.AsNoTracking()
            .Where(permission => permission.EndedAt == null && (permission.Until == null || permission.Until > now) && (permission.UserId == userId || groups.Contains(permission.GroupId))).ToListAsync(ct);
        return permissions.OrderByDescending(permission => permission.UserId is not null).ThenBy(permission => permission.GrantedAt).ToLookup(permission => permission.ResourceId);
    }

    private static ResourceChoice Choose(
        RegistryResource resource, List<Guid> mine, Dictionary<Guid, int> waiting, ILookup<Guid, AccessGrant> granted, RegistryEntry? entry, List<AccessRequest> requests)
    {
        var first = granted[resource.Id].FirstOrDefault();
        var account = first is null || entry is not { State: RegistryEntryState.Active } ? null : first.Account ?? resource.SharedAccount ?? entry.UserName;
        return new(resource, mine.Contains(resource.Id), waiting.GetValueOrDefault(resource.Id), account, first?.Until, requests.FindLast(request => request.ResourceId == resource.Id));
    }
}
