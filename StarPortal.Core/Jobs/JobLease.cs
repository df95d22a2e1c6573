namespace StarPortal.Core.Jobs;

/// <summary>Who runs an occurrence: the node whose row was first. The key is the job and the instant by the schedule.</summary>
public sealed class JobLease
{
    private JobLease()
    {
    }

    public string JobName { get; private set; } = "";

    public DateTimeOffset ScheduledAt { get; private set; }

    public string Node { get; private set; } = "";

    internal static JobLease For(string jobName, DateTimeOffset scheduledAt, string node) => new() { JobName = jobName, ScheduledAt = scheduledAt, Node = node };
}
