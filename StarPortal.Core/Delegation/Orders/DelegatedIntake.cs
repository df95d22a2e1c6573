using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>Keeps new orders: within the limits, once for an idempotency key, written down before anybody is told.</summary>
public sealed class DelegatedIntake(
    IDbContextFactory<PortalDbContext> contexts, AttemptThrottle throttle, DelegationNews news, DelegationSignal signal, IOptions<DelegationOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>When an order that begins now is given up without a certificate.</summary>
    public DateTimeOffset GiveUpAt => clock.GetUtcNow() + options.Value.GiveUpAfter;

    /// <summary>When an order that waits for a person from now on is given up.</summary>
    public DateTimeOffset ApproveBy => clock.GetUtcNow() + options.Value.ApprovalWithin;

    /// <exception cref="ServiceException">TooMany; Unauthenticated: nobody may ask without a credential here.</exception>
    public void RequireTurn(KnownConsumer? consumer, string? address)
    {
        if (consumer is null && !options.Value.AllowAnonymous) throw DelegationErrors.BadCredential();
        if (consumer is not null) throttle.Spend($"delegated:{consumer.Id:N}", options.Value.OrdersPerConsumerPerHour, Hour);
        else throttle.Spend(AttemptThrottle.AddressKey("registration", address), options.Value.AnonymousPerAddressPerHour, Hour);
    }

    /// <summary>As it was asked for before under the same key.</summary>
    /// <returns>Null: it was not.</returns>
    public async Task<DelegatedOrder?> FindRepeatedAsync(KnownConsumer? consumer, string? idempotencyKey, CancellationToken ct)
    {
        if (consumer is null || idempotencyKey is null) return null;
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.DelegatedOrders.AsNoTracking().FirstOrDefaultAsync(order => order.ConsumerId == consumer.Id && order.IdempotencyKey == idempotencyKey, ct);
    }

    /// <returns>The order; the one that was there already when the same was asked for at the same moment.</returns>
    /// <exception cref="ServiceException">TooMany: too many wait for the owner.</exception>
    public async Task<DelegatedOrder> AddAsync(DelegatedOrder order, KnownConsumer? consumer, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (order.Status is DelegatedOrderStatus.Waiting) await AnnounceAsync(order, db, ct);
        db.DelegatedOrders.Add(order);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.DelegatedOrderPlaced, actor, "delegated-order", order.Id, clock.GetUtcNow(), DelegatedOrderDecisions.Describe(order)));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException) when (order.IdempotencyKey is not null)
        {
            if (await FindRepeatedAsync(consumer, order.IdempotencyKey, ct) is { } first) return first;
            throw;
        }

        signal.Wake();
        return order;
    }

    /// <summary>An order of ours that waits for its owner from now on: adds the mail to the unit of work that says so.</summary>
    /// <exception cref="ServiceException">TooMany: too many wait for the owner.</exception>
    public async Task AnnounceAsync(DelegatedOrder order, PortalDbContext db, CancellationToken ct)
    {
        await RequireRoomAsync(db, order, ct);
        await news.AddWaitingAsync(db, order, ct);
    }

    private async Task RequireRoomAsync(PortalDbContext db, DelegatedOrder order, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var waiting = await db.DelegatedOrders.CountAsync(other => other.OwnerId == order.OwnerId && other.Status == DelegatedOrderStatus.Waiting && other.ExpiresAt > now, ct);
        if (waiting >= options.Value.MaxWaiting) throw DelegationErrors.TooMany(Hour);
    }
}
