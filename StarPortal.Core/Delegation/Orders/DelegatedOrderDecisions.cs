using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>What owners decide about orders: approve, refuse, cancel.</summary>
public sealed class DelegatedOrderDecisions(DelegatedOrderBook book, DelegationSignal signal, IOptions<DelegationOptions> options, TimeProvider clock)
{
    /// <exception cref="ServiceException">NotFound; Conflict: it does not wait any more.</exception>
    public async Task<DelegatedOrder> ApproveAsync(Guid id, Actor actor, CancellationToken ct)
    {
        var order = await WaitingAsync(id, actor, ct);
        var now = clock.GetUtcNow();
        return await book.TryChangeAsync(order, waiting => waiting.Approve(actor.Id, now + options.Value.GiveUpAfter, now), book.Record(AuditAction.DelegatedOrderApproved, actor, order, Describe(order)), ct)
            ?? throw DelegationErrors.NotWaiting();
    }

    /// <param name="reason">For the consumer.</param>
    /// <exception cref="ServiceException">As <see cref="ApproveAsync"/>.</exception>
    public async Task<DelegatedOrder> RefuseAsync(Guid id, string reason, Actor actor, CancellationToken ct)
    {
        var order = await WaitingAsync(id, actor, ct);
        var told = reason.Trim() is { Length: > 0 } given ? given : "The owner of the names refused.";
        return await book.TryChangeAsync(order, waiting => waiting.Refuse(told, actor.Id, clock.GetUtcNow()), book.Record(AuditAction.DelegatedOrderRefused, actor, order, $"{Describe(order)}: {told}"), ct)
            ?? throw DelegationErrors.NotWaiting();
    }

    /// <summary>Nothing is issued for it any more; the certificate that is out lives until it ends (RFC 8739 3.1.2, RFC 9115 2.3.6).</summary>
    /// <exception cref="ServiceException">NotFound; Conflict: it is over.</exception>
    public async Task<DelegatedOrder> CancelAsync(Guid id, string reason, Actor actor, CancellationToken ct)
    {
        var told = reason.Trim() is { Length: > 0 } given ? given : "The owner of the names canceled it.";
        while (true)
        {
            var order = await FindAsync(id, actor, ct);
            if (await book.TryChangeAsync(order, running => running.Cancel(told, clock.GetUtcNow()), book.Record(AuditAction.DelegatedOrderCanceled, actor, order, $"{Describe(order)}: {told}"), ct) is { } canceled)
                return canceled;
        }
    }

    /// <summary>Cancels whatever runs under a delegation, in the unit of work that ends it.</summary>
    internal async Task CancelAllAsync(PortalDbContext db, Guid delegationId, string reason, Actor actor, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var running = await db.DelegatedOrders.Where(order => order.DelegationId == delegationId && order.Status != DelegatedOrderStatus.Canceled && order.Status != DelegatedOrderStatus.Invalid).ToListAsync(ct);
        foreach (var order in running.Where(order => !order.IsOverAt(now)))
        {
            order.Cancel(reason, now);
            db.AuditRecords.Add(book.Record(AuditAction.DelegatedOrderCanceled, actor, order, $"{Describe(order)}: {reason}"));
        }

        signal.Wake();
    }

    internal static string Describe(DelegatedOrder order) => order.IsStar
        ? $"{order.Names.Replace('\n', ' ')}, certificates of {order.Lifetime} s by {order.Upstream}"
        : $"{order.Names.Replace('\n', ' ')}, one certificate by {order.Upstream}";

    private async Task<DelegatedOrder> WaitingAsync(Guid id, Actor actor, CancellationToken ct) =>
        await FindAsync(id, actor, ct) is { Status: DelegatedOrderStatus.Waiting } order ? order : throw DelegationErrors.NotWaiting();

    private async Task<DelegatedOrder> FindAsync(Guid id, Actor actor, CancellationToken ct) =>
        await book.FindAsync(id, ct) is { } order && DelegationRights.MayManage(order.OwnerId, actor) ? order : throw DelegationErrors.OrderNotFound();
}
