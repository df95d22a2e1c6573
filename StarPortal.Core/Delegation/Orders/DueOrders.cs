using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Delegation;

/// <summary>Orders that something is to be done for now, and who does it: a node leases what it works on, so that several share the work.</summary>
public sealed class DueOrders(IDbContextFactory<PortalDbContext> contexts, DelegatedOrderBook book, UpstreamBook upstreams, JobRunner jobs, TimeProvider clock)
{
    /// <summary>Ids, the longest due first.</summary>
    internal delegate Task<IReadOnlyList<Guid>> DueList(int most, CancellationToken ct);

    /// <summary>What is due at each CA, and at those that are configured no longer: that ends, or says what it waits for.</summary>
    internal IEnumerable<DueList> Lists =>
        [.. upstreams.Names.Select(DueList (name) => (most, ct) => ListAsync(orders => orders.Where(order => order.Upstream == name), most, ct)), ListStrayAsync];

    /// <returns>The order as it is leased to this node; null: it is not due, or another node was faster.</returns>
    internal async Task<DelegatedOrder?> LeaseAsync(Guid id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await book.FindAsync(id, ct) is { } order && order.DueAt <= now ? await book.TryChangeAsync(order, due => due.Lease(jobs.Node, now + OrderLease.Length), null, ct) : null;
    }

    /// <summary>Prolongs the lease until it is disposed of.</summary>
    internal OrderLease Hold(DelegatedOrder leased) => new(leased, contexts, clock);

    /// <summary>When the portal starts: what this node was at in its former life is due at once. What another node was at is due when the lease has run out.</summary>
    internal async Task TakeBackAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (now, node) = (clock.GetUtcNow(), jobs.Node);
        await db.DelegatedOrders.Where(order => order.LeasedBy == node && order.DueAt > now).ExecuteUpdateAsync(set => set.SetProperty(order => order.DueAt, now), ct);
    }

    private Task<IReadOnlyList<Guid>> ListStrayAsync(int most, CancellationToken ct)
    {
        var names = upstreams.Names;
        return ListAsync(orders => orders.Where(order => !names.Contains(order.Upstream)), most, ct);
    }

    private async Task<IReadOnlyList<Guid>> ListAsync(Func<IQueryable<DelegatedOrder>, IQueryable<DelegatedOrder>> choose, int most, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await choose(db.DelegatedOrders.AsNoTracking()).Where(order => order.DueAt <= now).OrderBy(order => order.DueAt).Select(order => order.Id).Take(most).ToListAsync(ct);
    }
}
