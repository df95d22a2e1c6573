using StarPortal.Core.Shared;

namespace StarPortal.Core.Jobs;

public enum JobOutcome
{
    Running,
    Succeeded,
    Failed,

    /// <summary>The process ended before the job did.</summary>
    Interrupted,
}

/// <summary>One run of a job: the history that administrators see.</summary>
public sealed class JobRun
{
    private JobRun()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    public string JobName { get; private set; } = "";

    /// <summary>The instant by the schedule; null when a person started it.</summary>
    public DateTimeOffset? ScheduledAt { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>By the machine's stopwatch: a clock that is wound does not stretch it.</summary>
    public int? DurationMilliseconds { get; private set; }

    public JobOutcome Outcome { get; private set; }

    /// <summary>What the job says it did, or why it failed.</summary>
    public string? Result { get; private set; }

    /// <summary>User name, or <c>schedule</c>.</summary>
    public string StartedBy { get; private set; } = "";

    public string Node { get; private set; } = "";

    internal static JobRun Start(string jobName, DateTimeOffset? scheduledAt, string startedBy, string node, DateTimeOffset now) => new()
    {
        JobName = jobName,
        ScheduledAt = scheduledAt,
        StartedAt = now,
        StartedBy = startedBy,
        Node = node,
    };

    internal void End(JobOutcome outcome, string result, TimeSpan took, DateTimeOffset now)
    {
        if (Outcome is not JobOutcome.Running) throw new InvalidOperationException($"Job run {Id} is {Outcome}.");
        (Outcome, EndedAt, DurationMilliseconds) = (outcome, now, (int)took.TotalMilliseconds);
        Result = result.Length <= 1000 ? result : result[..1000];
    }
}
