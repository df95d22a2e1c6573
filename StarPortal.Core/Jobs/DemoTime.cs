using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Jobs;

/// <param name="JobsRun">How many occurrences were run on the way.</param>
public sealed record WindResult(DateTimeOffset Now, int JobsRun, int JobsFailed);

/// <summary>
/// Winds the demo's clock: the clock stops at every instant at which a job or a renewal falls due, the job runs, its mails go out, and on it goes.
/// </summary>
public sealed class DemoTime(IDbContextFactory<PortalDbContext> contexts, DemoClock clock, JobSchedule schedule, DemoDeeds deeds) : IDisposable
{
    public static readonly TimeSpan AtMost = TimeSpan.FromDays(400);

    /// <summary>Stops for timed work on one way. What falls due more often is done together after that, as after a pause.</summary>
    private const int MostStops = 500;

    private readonly SemaphoreSlim gate = new(1);

    private int stops;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>How far the clock is ahead of the machine's.</summary>
    public TimeSpan Ahead => clock.Offset;

    /// <summary>Takes up where the last process left off; called once the schema is there and before anything asks for the time.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (await db.DemoClockSettings.SingleOrDefaultAsync(ct) is { } setting) clock.Set(setting.Offset);
    }

    /// <exception cref="ServiceException">Unauthenticated; Invalid when <paramref name="by"/> is not positive or more than <see cref="AtMost"/>.</exception>
    public async Task<WindResult> WindAsync(TimeSpan by, Actor actor, CancellationToken ct)
    {
        if (!actor.IsSystem) actor.RequireSignedIn();
        if (by <= TimeSpan.Zero || by > AtMost) throw JobErrors.CannotWind(AtMost);
        await gate.WaitAsync(ct);
        try
        {
            var (from, to) = (clock.GetUtcNow(), clock.GetUtcNow() + by);
            stops = 0;
            var results = await RunDueAsync(from, to, ct);
            await WorkUntilAsync(to, (to - from) / MostStops, ct);
            await StopAtAsync(to, actor, ct);
            await deeds.RunTimedAsync(ct);
            return new WindResult(clock.GetUtcNow(), results.Count, results.Count(run => run.Outcome is JobOutcome.Failed));
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();

    private async Task<IReadOnlyList<JobRun>> RunDueAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        List<JobRun> runs = [];
        var due = schedule.All.SelectMany(job => job.Between(from, to, MostPerJob(to - from)).Select(at => (job.Name, At: at))).OrderBy(occurrence => occurrence.At);
        foreach (var (name, at) in due)
        {
            await WorkUntilAsync(at, (to - from) / MostStops, ct);
            await StopAtAsync(at, null, ct);
            await deeds.RunTimedAsync(ct);
            if (await deeds.RunJobAsync(name, at, ct) is { } run) runs.Add(run);
        }

        return runs;
    }

    /// <summary>Stops wherever timed work falls due before the instant. What is still due after a stop does not hold the clock: it is tried a step later.</summary>
    private async Task WorkUntilAsync(DateTimeOffset instant, TimeSpan step, CancellationToken ct)
    {
        while (await deeds.NextAsync(ct) is { } next)
        {
            var now = clock.GetUtcNow();
            var stop = next > now && (next >= now + step || stops < MostStops) ? next : now + step;
            if (stop >= instant) return;
            stops++;
            await StopAtAsync(stop, null, ct);
            await deeds.RunTimedAsync(ct);
        }
    }

    /// <summary>A daily job is run for each day of two months; one that runs every minute is not run 10,080 times for a week.</summary>
    private static int MostPerJob(TimeSpan way) => Math.Clamp((int)Math.Ceiling(way.TotalDays), 12, 60);

    /// <summary>Moves the clock to <paramref name="instant"/> (never back) and remembers it; the last stop is audited.</summary>
    private async Task StopAtAsync(DateTimeOffset instant, Actor? actor, CancellationToken ct)
    {
        var offset = instant - TimeProvider.System.GetUtcNow();
        if (offset > clock.Offset) clock.Set(offset);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var setting = await db.DemoClockSettings.SingleOrDefaultAsync(ct) ?? db.DemoClockSettings.Add(DemoClockSetting.New()).Entity;
        setting.Wind(clock.Offset);
        if (actor is not null) db.AuditRecords.Add(AuditRecord.Of(AuditAction.ClockWound, actor, "clock", "demo", clock.GetUtcNow(), $"ahead by {clock.Offset:d\\.hh\\:mm\\:ss}"));
        await db.SaveChangesAsync(ct);
    }
}
