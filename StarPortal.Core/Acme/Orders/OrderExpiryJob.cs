using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Acme;

/// <summary>Marks orders that can't be finished any more as invalid, so that lists and claims need not ask the clock.</summary>
internal sealed class OrderExpiryJob(IDbContextFactory<PortalDbContext> contexts, OrderStore store, OrderShelf shelf, TimeProvider clock) : IPortalJob
{
    private const int Batch = 500;

    public string Name => "acme-order-expiry";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var ended = 0;
        while (true)
        {
            var now = clock.GetUtcNow();
            await using var db = await contexts.CreateDbContextAsync(ct);
            var due = await db.AcmeOrders.AsNoTracking().Where(order => order.Status == AcmeOrderStatus.Pending && order.ExpiresAt <= now)
                .OrderBy(order => order.ExpiresAt).Take(Batch).ToListAsync(ct);
            foreach (var order in due)
            {
                var view = OrderView.At(now, order, await shelf.AuthorizationsOfAsync(order, ct));
                if (await store.FailAsync(view, now) is not null) ended++;
            }

            if (due.Count < Batch) return $"{ended} orders expired";
        }
    }
}
