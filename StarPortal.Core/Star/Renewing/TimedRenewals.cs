using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Star;

/// <summary>Renewals while the demo's clock is wound: each certificate is issued at its own time, as the worker would do it second by second.</summary>
internal sealed class TimedRenewals(RenewalWorker worker, IDbContextFactory<PortalDbContext> contexts) : ITimedWork
{
    public async Task<DateTimeOffset?> NextAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.StarOrders.Where(order => order.DueAt != null).OrderBy(order => order.DueAt).Select(order => order.DueAt).FirstOrDefaultAsync(ct);
    }

    public Task RunDueAsync(CancellationToken ct) => worker.RenewAsync(ct);
}
