using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Jobs;

/// <summary>Forgets job runs after 90 days and done outbox items after 30; dead items stay until somebody has looked.</summary>
internal sealed class HistoryPruneJob(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock) : IPortalJob
{
    internal static readonly TimeSpan KeepRuns = TimeSpan.FromDays(90);

    internal static readonly TimeSpan KeepOutbox = TimeSpan.FromDays(30);

    public string Name => "history-prune";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var (runsBefore, outboxBefore) = (now - KeepRuns, now - KeepOutbox);
        var runs = await db.JobRuns.Where(run => run.StartedAt < runsBefore).ExecuteDeleteAsync(ct);
        await PruneLeasesAsync(db, runsBefore, ct);
        var items = await db.Outbox.Where(item => item.Status == OutboxStatus.Done && item.DoneAt < outboxBefore).ExecuteDeleteAsync(ct);
        return $"{runs} job runs and {items} outbox items forgotten";
    }

    /// <summary>The latest lease of each job stays: it tells what was run last.</summary>
    private static async Task PruneLeasesAsync(PortalDbContext db, DateTimeOffset before, CancellationToken ct)
    {
        var leases = db.JobLeases;
        await leases.Where(lease => lease.ScheduledAt < before && leases.Any(newer => newer.JobName == lease.JobName && newer.ScheduledAt > lease.ScheduledAt))
            .ExecuteDeleteAsync(ct);
    }
}
