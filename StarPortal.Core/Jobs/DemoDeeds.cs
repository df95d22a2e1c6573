using StarPortal.Core.Data;

namespace StarPortal.Core.Jobs;

/// <summary>What happens at an instant at which the demo's clock stops.</summary>
public sealed class DemoDeeds(JobRunner runner, OutboxDispatcher outbox, IEnumerable<ITimedWork> timed)
{
    /// <returns>When timed work falls due next, or fell due; null: none is to come.</returns>
    internal async Task<DateTimeOffset?> NextAsync(CancellationToken ct)
    {
        DateTimeOffset? first = null;
        foreach (var work in timed)
            if (await work.NextAsync(ct) is { } next && !(next >= first)) first = next;
        return first;
    }

    internal async Task RunTimedAsync(CancellationToken ct)
    {
        foreach (var work in timed) await work.RunDueAsync(ct);
    }

    /// <returns>Null when another node has it.</returns>
    internal async Task<JobRun?> RunJobAsync(string name, DateTimeOffset at, CancellationToken ct)
    {
        var run = await runner.RunOccurrenceAsync(name, at, ct);
        while (await outbox.DispatchDueAsync(ct) > 0)
        {
            // What the job gives rise to happens at its own time.
        }

        return run;
    }
}
