using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>What administrators do with resources: make, change and close them, and say who owns them.</summary>
public sealed class ResourceService(IDbContextFactory<PortalDbContext> contexts, PersonLookup people, TimeProvider clock)
{
    private const int MaxResources = 1_000;
    private const int MaxOwners = 20;

    /// <param name="owner">User name of the first owner.</param>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden; Invalid beside Name, Description, SharedAccount or Owner; TooMany.</exception>
    public async Task<RegistryResource> CreateAsync(ResourceTerms terms, string? owner, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        var (known, now) = (terms.Check(), clock.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await db.RegistryResources.AnyAsync(other => other.Name == known.Name, ct)) throw RegistryErrors.Field(nameof(ResourceTerms.Name), "There is, or was, a resource of this name.");
        if (await db.RegistryResources.CountAsync(ct) >= MaxResources) throw RegistryErrors.Full($"There is room for {MaxResources} resources.");
        var user = await people.GetAsync(db, owner, "Owner", actor, ct);
        var resource = RegistryResource.Create(known, now);
        db.RegistryResources.Add(resource);
        db.ResourceOwners.Add(ResourceOwner.Of(resource, user.Id, now));
        await db.SaveAsync(AuditAction.ResourceCreated, resource, $"owned by {user.UserName}", actor, now, ct);
        return resource;
    }

    /// <summary>All but the name.</summary>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden, NotFound; Invalid beside a field; Conflict: closed.</exception>
    public Task ChangeAsync(Guid id, ResourceTerms terms, Actor actor, CancellationToken ct) => ActAsync(id, AuditAction.ResourceChanged, actor, (_, resource) =>
    {
        resource.Change((terms with { Name = resource.Name }).Check());
        return Task.FromResult<string?>(null);
    }, ct);

    /// <exception cref="ServiceException">Unauthenticated, Forbidden, NotFound; Invalid beside Owner; Conflict; TooMany.</exception>
    public Task AddOwnerAsync(Guid id, string? userName, Actor actor, CancellationToken ct) => ActAsync(id, AuditAction.ResourceOwnerAdded, actor, async (db, resource) =>
    {
        var user = await people.GetAsync(db, userName, "Owner", actor, ct);
        if (await db.ResourceOwners.FindAsync([id, user.Id], ct) is not null) throw RegistryErrors.Field("Owner", "This person owns it already.");
        if (await db.ResourceOwners.CountAsync(owner => owner.ResourceId == id, ct) >= MaxOwners) throw RegistryErrors.Full($"A resource has {MaxOwners} owners at most.");
        db.ResourceOwners.Add(ResourceOwner.Of(resource, user.Id, clock.GetUtcNow()));
        return user.UserName;
    }, ct);

    /// <exception cref="ServiceException">Unauthenticated, Forbidden, NotFound; Conflict: the last one.</exception>
    public Task RemoveOwnerAsync(Guid id, Guid userId, Actor actor, CancellationToken ct) => ActAsync(id, AuditAction.ResourceOwnerRemoved, actor, async (db, _) =>
    {
        var owners = await db.ResourceOwners.Where(owner => owner.ResourceId == id).ToListAsync(ct);
        var owner = owners.Find(candidate => candidate.UserId == userId) ?? throw RegistryErrors.NobodyOf("Owner");
        if (owners.Count == 1) throw RegistryErrors.LastOwner();
        db.ResourceOwners.Remove(owner);
        return await db.Users.Where(user => user.Id == userId).Select(user => user.UserName).SingleOrDefaultAsync(ct);
    }, ct);

    /// <summary>Nobody may use it, no token is answered any more, for good.</summary>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden, NotFound; Conflict: closed already.</exception>
    public Task CloseAsync(Guid id, Actor actor, CancellationToken ct) => ActAsync(id, AuditAction.ResourceClosed, actor, async (db, resource) =>
    {
        var now = clock.GetUtcNow();
        resource.Close(now);
        foreach (var waiting in await db.AccessRequests.Where(request => request.ResourceId == id && request.Status == AccessRequestStatus.Waiting).ToListAsync(ct))
            waiting.Refuse("The resource was closed.", actor, now);
        return null;
    }, ct);

    /// <param name="act">Gives the audit row's detail.</param>
    private async Task ActAsync(Guid id, AuditAction action, Actor actor, Func<PortalDbContext, RegistryResource, Task<string?>> act, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var resource = await RegistryRights.OpenResourceAsync(db, id, actor, ct);
        var detail = await act(db, resource);
        await db.SaveAsync(action, resource, detail, actor, clock.GetUtcNow(), ct);
    }
}
