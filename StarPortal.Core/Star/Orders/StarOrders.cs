using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>The life of a STAR order: its first certificate, and its end by cancellation (RFC 8739 3.1.2). What lies between is <see cref="RenewalEngine"/>'s.</summary>
public sealed class StarOrders(IDbContextFactory<PortalDbContext> contexts, OrderStore store, StarIssuer issuer, StarShelf shelf, TimeProvider clock)
{
    public async Task<StarOrder> GetAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.StarOrders.AsNoTracking().SingleAsync(order => order.Id == id, ct);
    }

    /// <summary>finalize: the order is valid and its first certificate published in one commit, also when that begins later (RFC 8739 2.2).</summary>
    /// <exception cref="AcmeException">badCSR; malformed: its time is over; rateLimited.</exception>
    public async Task<OrderView> BeginAsync(AcmeCaller caller, OrderView ready, SigningRequest request, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var waiting = await GetAsync(ready.Order.Id, ct);
        if (waiting.Status is not StarOrderStatus.Waiting) throw ChangedMeanwhile();
        if (waiting.EndDate - now < TimeSpan.FromSeconds(1)) throw AcmeErrors.Malformed("The order's end-date has passed. Place a new order.");
        await issuer.RequireRoomAsync(waiting.AccountId, ct);
        var body = issuer.MakeBody(waiting, request.PublicKeyInfo, request.Key);
        var grants = ready.Authorizations.Select(authorization => authorization.Waiver is null ? authorization.Chosen?.Token ?? "" : "");

        var begun = waiting.Copy();
        begun.Begin(request, body, grants, now);
        var first = issuer.Sign(begun, body, begun.Schedule![0], now);
        var order = await store.ChangeAsync(ready.Order, placed => placed.Complete(begun.EndDate, now), rows =>
        {
            rows.Update(waiting, begun);
            rows.Insert(first);
            rows.Insert(AuditRecord.Of(AuditAction.StarOrderBegun, caller.Actor, "acme-order", begun.Id, now,
                $"{begun.Profile}: {begun.Names.Replace('\n', ' ')}, {begun.Schedule!.SlotCount} certificates of {begun.Lifetime} s until {begun.EndDate:u}, the first is {first.SerialNumber}"));
        });
        return order is null
            ? throw ChangedMeanwhile()
            : ready with { Order = order, Status = AcmeOrderStatus.Valid };
    }

    /// <exception cref="AcmeException">autoRenewalCancellationInvalid: it is not valid.</exception>
    public async Task<OrderView> CancelAsync(OrderView view, string reason, Actor actor, CancellationToken ct)
    {
        while (true)
        {
            if (view.Status is not AcmeOrderStatus.Valid) throw StarErrors.CancellationInvalid(OrderJson.NameOf(view.Status));
            var active = await GetAsync(view.Order.Id, ct);
            if (active.Status is not StarOrderStatus.Active) throw StarErrors.CancellationInvalid(OrderJson.NameOf(AcmeOrderStatus.Canceled));
            var now = clock.GetUtcNow();
            var canceled = active.Copy();
            canceled.Cancel(reason, now);
            var order = await store.ChangeAsync(view.Order, placed => placed.Cancel(active.LastNotAfter ?? now), rows =>
            {
                rows.Update(active, canceled);
                rows.Insert(AuditRecord.Of(AuditAction.StarOrderCanceled, actor, "acme-order", active.Id, now, $"{active.Names.Replace('\n', ' ')}: {reason} {active.NextSlot} certificates were issued, the last ends {active.LastNotAfter:u}"));
            });
            shelf.Forget(active.FetchId);
            if (order is not null) return view with { Order = order, Status = order.Status };

            // The engine issued a slot, or somebody else canceled, at the same moment.
            await using var db = await contexts.CreateDbContextAsync(ct);
            var current = await db.AcmeOrders.AsNoTracking().SingleAsync(placed => placed.Id == active.Id, ct);
            view = OrderView.At(now, current, view.Authorizations);
        }
    }

    /// <summary>For people, and for what the portal itself has to end.</summary>
    /// <exception cref="AcmeException">404; autoRenewalCancellationInvalid.</exception>
    public async Task CancelAsync(Guid orderId, string reason, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var order = await db.AcmeOrders.AsNoTracking().FirstOrDefaultAsync(placed => placed.Id == orderId && placed.Kind == StarOrderExtension.KindName, ct) ?? throw AcmeErrors.NotFound();
        await CancelAsync(OrderView.At(clock.GetUtcNow(), order, []), reason, actor, ct);
    }

    private static AcmeException ChangedMeanwhile() => AcmeOrderErrors.OrderNotReady("The order was changed by another request at the same time. Ask for its state.");
}
