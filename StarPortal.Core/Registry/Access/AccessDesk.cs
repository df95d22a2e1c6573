using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>What the owners of a resource decide: who may use it, as which local account, until when.</summary>
public sealed class AccessDesk(IDbContextFactory<PortalDbContext> contexts, PersonLookup people, AccessNews news, TimeProvider clock)
{
    private const int MaxPermissions = 20_000;

    /// <summary>Whoever has it already gets the new terms.</summary>
    /// <exception cref="ServiceException">Unauthenticated, NotFound; Invalid beside Person, Account or Until; Conflict; TooMany.</exception>
    public async Task GrantAsync(Guid resourceId, string? userName, PermissionTerms terms, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var resource = await RegistryRights.OpenResourceAsync(db, resourceId, actor, ct);
        var user = await people.GetAsync(db, userName, "Person", actor, ct);
        await GrantAsync(db, resource, new(user.Id, null, user.UserName!), terms, actor, ct);
    }

    /// <summary>Everybody who is in the group, or comes into it.</summary>
    /// <exception cref="ServiceException">As above, beside Group.</exception>
    public async Task GrantGroupAsync(Guid resourceId, Guid? groupId, PermissionTerms terms, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var resource = await RegistryRights.OpenResourceAsync(db, resourceId, actor, ct);
        var group = await db.RegistryGroups.SingleOrDefaultAsync(candidate => candidate.Id == groupId, ct) ?? throw RegistryErrors.Field("Group", "Choose a group.");
        await GrantAsync(db, resource, new(null, group.Id, group.Name), terms, actor, ct);
    }

    /// <exception cref="ServiceException">Unauthenticated, NotFound; Invalid beside Account or Until; Conflict: decided already.</exception>
    public async Task GrantRequestAsync(Guid requestId, PermissionTerms terms, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (request, resource) = await OpenAsync(db, requestId, actor, ct);
        var userName = await db.Users.Where(user => user.Id == request.UserId).Select(user => user.UserName!).SingleAsync(ct);
        request.Grant(actor, clock.GetUtcNow());
        await news.AddGrantedAsync(db, resource, request, terms.Until, ct);
        await GrantAsync(db, resource, new(request.UserId, null, userName), terms, actor, ct);
    }

    /// <exception cref="ServiceException">Unauthenticated, NotFound; Invalid beside Answer; Conflict: decided already.</exception>
    public async Task RefuseAsync(Guid requestId, string? answer, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (request, resource) = await OpenAsync(db, requestId, actor, ct);
        if (answer?.Trim() is not { Length: > 0 and <= AccessRequest.MaxReason } words) throw RegistryErrors.Field("Answer", $"Say why not, in at most {AccessRequest.MaxReason} characters: the person reads it.");
        var now = clock.GetUtcNow();
        request.Refuse(words, actor, now);
        await news.AddRefusedAsync(db, resource, request, words, ct);
        var userName = await db.Users.Where(user => user.Id == request.UserId).Select(user => user.UserName).SingleOrDefaultAsync(ct);
        await db.SaveAsync(AuditAction.AccessRefused, resource, $"{userName}: {words}", actor, now, ct);
    }

    /// <exception cref="ServiceException">Unauthenticated, NotFound; Conflict: ended already.</exception>
    public async Task RevokeAsync(Guid permissionId, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var permission = await db.AccessGrants.FindAsync([permissionId], ct) ?? throw RegistryErrors.PermissionNotFound();
        var resource = await RegistryRights.FindResourceAsync(db, permission.ResourceId, actor, ct);
        var now = clock.GetUtcNow();
        permission.End(actor, now);
        await db.SaveAsync(AuditAction.AccessRevoked, resource, permission.Holder, actor, now, ct);
    }

    private async Task GrantAsync(PortalDbContext db, RegistryResource resource, PermissionHolder holder, PermissionTerms asked, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (terms, holderId) = (asked.Check(now), holder.UserId ?? holder.GroupId);
        if (await db.AccessGrants.SingleOrDefaultAsync(open => open.ResourceId == resource.Id && open.OpenHolderId == holderId, ct) is { } known)
        {
            known.Grant(terms, actor, now);
        }
        else
        {
            if (await db.AccessGrants.CountAsync(open => open.ResourceId == resource.Id && open.EndedAt == null, ct) >= MaxPermissions) throw RegistryErrors.Full($"A resource has {MaxPermissions} permissions at most: use groups.");
            db.AccessGrants.Add(AccessGrant.To(resource, holder, terms, actor, now));
        }

        await db.SaveAsync(AuditAction.AccessGranted, resource, $"{(holder.GroupId is null ? "" : "group ")}{holder.Name}{(terms.Account is { } account ? $" as {account}" : "")}{(terms.Until is { } until ? $" until {until:u}" : "")}", actor, now, ct);
    }

    /// <summary>For whom the resource does not exist, its requests do not either.</summary>
    private static async Task<(AccessRequest Request, RegistryResource Resource)> OpenAsync(PortalDbContext db, Guid requestId, Actor actor, CancellationToken ct)
    {
        var request = await db.AccessRequests.FindAsync([requestId], ct) ?? throw RegistryErrors.RequestNotFound();
        try
        {
            return (request, await RegistryRights.OpenResourceAsync(db, request.ResourceId, actor, ct));
        }
        catch (ServiceException hidden) when (hidden.Kind is ErrorKind.NotFound)
        {
            throw RegistryErrors.RequestNotFound();
        }
    }
}
