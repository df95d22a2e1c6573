using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Jobs;

/// <summary>
/// Runs jobs: an occurrence once over all nodes (the first node's <see cref="JobLease"/> wins), a job not beside itself within a node, each
/// run kept as a <see cref="JobRun"/>. A failing job is a red line in the history, nothing more.
/// </summary>
public sealed partial class JobRunner(
    IDbContextFactory<PortalDbContext> contexts, JobSchedule schedule, IOptions<PortalOptions> portal, TimeProvider clock, ILogger<JobRunner> logger)
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new(StringComparer.Ordinal);

    internal string Node { get; } = $"{Environment.MachineName}:{portal.Value.HttpsPort}";

    /// <summary>Runs an occurrence unless a node has it already; waits for a run of the same job in this process to end.</summary>
    /// <returns>Null when another node has it.</returns>
    public async Task<JobRun?> RunOccurrenceAsync(string name, DateTimeOffset scheduledAt, CancellationToken ct)
    {
        var job = schedule.Get(name);
        var gate = Gate(name);
        await gate.WaitAsync(ct);
        try
        {
            var run = JobRun.Start(name, scheduledAt, "schedule", Node, clock.GetUtcNow());
            return await TryLeaseAsync(name, scheduledAt, run, ct) ? await RunAsync(job, run, ct) : null;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>An administrator's run, audited.</summary>
    /// <exception cref="ServiceException">NotFound; Forbidden; Conflict when the job is running in this process.</exception>
    public async Task<JobRun> RunNowAsync(string name, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        var job = schedule.Get(name);
        var gate = Gate(name);
        if (!await gate.WaitAsync(TimeSpan.Zero, ct)) throw JobErrors.Running(name);
        try
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var now = clock.GetUtcNow();
            var run = JobRun.Start(name, scheduledAt: null, actor.Name, Node, now);
            db.JobRuns.Add(run);
            db.AuditRecords.Add(AuditRecord.Of(AuditAction.JobStarted, actor, "job", name, now));
            await db.SaveChangesAsync(ct);
            return await RunAsync(job, run, ct);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <param name="run">Begun with the lease, so that a node which dies over it knows of it when it starts again; null: nothing is run.</param>
    /// <returns>Whether this node's row is the one that counts.</returns>
    internal async Task<bool> TryLeaseAsync(string name, DateTimeOffset scheduledAt, JobRun? run, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await HasLeaseAsync(db, name, scheduledAt, ct)) return false;
        db.JobLeases.Add(JobLease.For(name, scheduledAt, Node));
        if (run is not null) db.JobRuns.Add(run);
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException)
        {
            if (await HasLeaseAsync(db, name, scheduledAt, ct)) return false;
            throw;
        }
    }

    private static Task<bool> HasLeaseAsync(PortalDbContext db, string name, DateTimeOffset scheduledAt, CancellationToken ct) =>
        db.JobLeases.AsNoTracking().AnyAsync(lease => lease.JobName == name && lease.ScheduledAt == scheduledAt, ct);

    /// <param name="run">Saved already: whoever looks sees that it runs.</param>
    private async Task<JobRun> RunAsync(ScheduledJob job, JobRun run, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var (outcome, result) = await TryAsync(job, ct);
        await using var db = await contexts.CreateDbContextAsync(CancellationToken.None);
        db.JobRuns.Attach(run);
        run.End(outcome, result, clock.GetElapsedTime(started), clock.GetUtcNow());
        await db.SaveChangesAsync(CancellationToken.None); // What happened is recorded even while the process is asked to stop.
        return run;
    }

    private async Task<(JobOutcome Outcome, string Result)> TryAsync(ScheduledJob job, CancellationToken ct)
    {
        try
        {
            var result = await job.Job.RunAsync(ct);
            LogDone(job.Name, result);
            return (JobOutcome.Succeeded, result);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return (JobOutcome.Interrupted, "The portal was stopped.");
        }
#pragma warning disable CA1031 // Whatever a job throws is shown to administrators; the schedule goes on.
        catch (Exception error)
        {
            LogFailed(error, job.Name);
            return (JobOutcome.Failed, error is ServiceException ? error.Message : $"{error.GetType().Name}: {error.Message}");
        }
#pragma warning restore CA1031
    }

    private SemaphoreSlim Gate(string name) => gates.GetOrAdd(name, _ => new SemaphoreSlim(1));

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {JobName}: {Result}")]
    private partial void LogDone(string jobName, string result);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobName} failed")]
    private partial void LogFailed(Exception error, string jobName);
}
