using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Jobs;

/// <summary>At start: what fell due while no node ran, or was cut short when this one died, is run once, the latest occurrence only.</summary>
internal sealed class JobCatchUp(IDbContextFactory<PortalDbContext> contexts, JobSchedule schedule, JobRunner runner, TimeProvider clock)
{
    public async Task RunAsync(CancellationToken ct)
    {
        var interrupted = await EndInterruptedAsync(ct);
        foreach (var job in schedule.All)
        {
            if (job.Latest(clock.GetUtcNow()) is not { } latest) continue;
            if (interrupted.Contains(job.Name)) await ForgetLeaseAsync(job.Name, latest, ct);
            if (interrupted.Contains(job.Name) || await HasRunBeforeAsync(job.Name, ct)) await runner.RunOccurrenceAsync(job.Name, latest, ct);
            else await runner.TryLeaseAsync(job.Name, latest, run: null, ct); // A new job has missed nothing: this is where its time begins.
        }
    }

    /// <returns>The jobs that this node was running when it died.</returns>
    private async Task<HashSet<string>> EndInterruptedAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var node = runner.Node;
        var runs = await db.JobRuns.Where(run => run.Node == node && run.Outcome == JobOutcome.Running).ToListAsync(ct);
        foreach (var run in runs) run.End(JobOutcome.Interrupted, "The portal ended before the job did.", TimeSpan.Zero, clock.GetUtcNow());
        await db.SaveChangesAsync(ct);
        return [.. runs.Where(run => run.ScheduledAt is not null).Select(run => run.JobName)];
    }

    private async Task<bool> HasRunBeforeAsync(string name, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.JobLeases.AnyAsync(lease => lease.JobName == name, ct);
    }

    private async Task ForgetLeaseAsync(string name, DateTimeOffset scheduledAt, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var node = runner.Node;
        await db.JobLeases.Where(lease => lease.JobName == name && lease.ScheduledAt == scheduledAt && lease.Node == node).ExecuteDeleteAsync(ct);
    }
}
