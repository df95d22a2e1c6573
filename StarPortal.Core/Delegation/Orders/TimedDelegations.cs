using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Delegation;

/// <summary>Orders that fall due while the demo's clock is wound, each at its own time.</summary>
internal sealed class TimedDelegations(DelegationWorker worker, IDbContextFactory<PortalDbContext> contexts) : ITimedWork
{
    public async Task<DateTimeOffset?> NextAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.DelegatedOrders.Where(order => order.DueAt != null).MinAsync(order => order.DueAt, ct);
    }

    public Task RunDueAsync(CancellationToken ct) => worker.RunDueAsync(ct);
}
