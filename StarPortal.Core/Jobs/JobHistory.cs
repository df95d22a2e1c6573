using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Jobs;

/// <param name="Cron">As configured; null when switched off.</param>
public sealed record JobState(string Name, string? Cron, bool IsOverridden, DateTimeOffset? NextAt, JobRun? Last);

/// <summary>What the jobs page shows.</summary>
public sealed class JobHistory(IDbContextFactory<PortalDbContext> contexts, JobSchedule schedule, TimeProvider clock)
{
    /// <summary>Every job with its latest run.</summary>
    /// <exception cref="ServiceException">Forbidden.</exception>
    public async Task<IReadOnlyList<JobState>> ListAsync(Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        List<JobState> states = [];
        foreach (var job in schedule.All)
        {
            var last = await Runs(db, job.Name).FirstOrDefaultAsync(ct);
            states.Add(new JobState(job.Name, job.Schedule?.CronExpressionString, job.IsOverridden, job.Next(now), last));
        }

        return states;
    }

    /// <summary>The latest <paramref name="count"/> runs of a job, newest first.</summary>
    /// <exception cref="ServiceException">Forbidden; NotFound.</exception>
    public async Task<IReadOnlyList<JobRun>> RunsAsync(string name, int count, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        _ = schedule.Get(name);
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await Runs(db, name).Take(count).ToListAsync(ct);
    }

    private static IQueryable<JobRun> Runs(PortalDbContext db, string name) =>
        db.JobRuns.AsNoTracking().Where(run => run.JobName == name).OrderByDescending(run => run.StartedAt);
}
