using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>What people do for themselves: ask for access to a resource, and think better of it.</summary>
public sealed class AccessRequests(IDbContextFactory<PortalDbContext> contexts, AccessNews news, TimeProvider clock)
{
    private const int MaxWaiting = 20;

    /// <exception cref="ServiceException">Unauthenticated, NotFound; Invalid beside Reason; Conflict: asked already, or may use it already; TooMany.</exception>
    public async Task<AccessRequest> AskAsync(Guid resourceId, string? reason, Actor actor, CancellationToken ct)
    {
        var userId = actor.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var resource = await db.RegistryResources.SingleOrDefaultAsync(candidate => candidate.Id == resourceId && candidate.ClosedAt == null, ct) ?? throw RegistryErrors.ResourceNotFound();
        if (reason?.Trim() is not { Length: > 0 and <= AccessRequest.MaxReason } words) throw RegistryErrors.Field("Reason", $"Say in at most {AccessRequest.MaxReason} characters what you need it for.");
        var now = clock.GetUtcNow();
        if (await db.AccessRequests.AnyAsync(open => open.ResourceId == resourceId && open.OpenUserId == userId, ct)) throw RegistryErrors.Asked();
        if (await db.AccessGrants.AnyAsync(permission => permission.ResourceId == resourceId && permission.OpenHolderId == userId && (permission.Until == null || permission.Until > now), ct)) throw RegistryErrors.Allowed();
        if (await db.AccessRequests.CountAsync(open => open.OpenUserId == userId, ct) >= MaxWaiting) throw RegistryErrors.Full($"{MaxWaiting} requests of yours wait already.");
        var request = AccessRequest.Ask(resource, userId, words, now);
        db.AccessRequests.Add(request);
        await news.AddAskedAsync(db, resource, request, ct);
        await db.SaveAsync(AuditAction.AccessAsked, resource, actor.Name, actor, now, ct);
        return request;
    }

    /// <exception cref="ServiceException">Unauthenticated, NotFound; Conflict: decided already.</exception>
    public async Task WithdrawAsync(Guid requestId, Actor actor, CancellationToken ct)
    {
        var userId = actor.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var request = await db.AccessRequests.SingleOrDefaultAsync(candidate => candidate.Id == requestId && candidate.UserId == userId, ct) ?? throw RegistryErrors.RequestNotFound();
        var (resource, now) = (await db.RegistryResources.SingleAsync(candidate => candidate.Id == request.ResourceId, ct), clock.GetUtcNow());
        request.Withdraw(now);
        await db.SaveAsync(AuditAction.AccessWithdrawn, resource, actor.Name, actor, now, ct);
    }
}
