using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Acme;

/// <summary>Marks orders that can't be finished any more as invalid: their time is over, or their account is.</summary>
internal sealed class OrderExpiryJob(IDbContextFactory<PortalDbContext> contexts, OrderStore store, OrderShelf shelf, TimeProvider clock) : IPortalJob
{
    private const int Batch = 500;

    private static readonly string Abandoned = OrderFailures.Write(AcmeProblemType.Unauthorized, "The account that ordered was deactivated or revoked.", []);

    public string Name => "acme-order-expiry";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var (expired, cancelled) = (0, 0);
        while (await FindExpiredAsync(ct) is { Count: > 0 } orders)
            foreach (var view in orders) expired += await store.FailAsync(view, clock.GetUtcNow()) is null ? 0 : 1;
        while (await FindAbandonedAsync(ct) is { Count: > 0 } orders)
            foreach (var order in orders) cancelled += await store.FailAsync(order, Abandoned, clock.GetUtcNow()) is null ? 0 : 1;
        return $"{expired} orders expired, {cancelled} of ended accounts cancelled";
    }

    private async Task<IReadOnlyList<OrderView>> FindExpiredAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var orders = await db.AcmeOrders.AsNoTracking().Where(order => order.Status == AcmeOrderStatus.Pending && order.ExpiresAt <= now)
            .OrderBy(order => order.ExpiresAt).Take(Batch).ToListAsync(ct);
        List<OrderView> views = [];
        foreach (var order in orders) views.Add(OrderView.At(now, order, await shelf.AuthorizationsOfAsync(order, ct)));
        return views;
    }

    /// <summary>RFC 8555 7.3.6: pending operations of a deactivated account SHOULD be cancelled. Here and not with the deactivation, so that none is forgotten.</summary>
    private async Task<IReadOnlyList<AcmeOrder>> FindAbandonedAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var accounts = db.AcmeAccounts;
        return await db.AcmeOrders.AsNoTracking()
            .Where(order => order.Status == AcmeOrderStatus.Pending && accounts.Any(account => account.Id == order.AccountId && account.Status != AcmeAccountStatus.Valid))
            .OrderBy(order => order.ExpiresAt).Take(Batch).ToListAsync(ct);
    }
}
