using Quartz;

namespace StarPortal.Core.Jobs;

/// <summary>A job and when it runs.</summary>
/// <param name="Schedule">In UTC; null when it is switched off and runs only when somebody starts it.</param>
/// <param name="IsOverridden">Whether configuration replaces the default.</param>
public sealed record ScheduledJob(IPortalJob Job, CronExpression? Schedule, bool IsOverridden)
{
    public string Name => Job.Name;

    public DateTimeOffset? Next(DateTimeOffset after) => Schedule?.GetNextValidTimeAfter(after);

    /// <summary>The newest occurrence that is not after <paramref name="now"/>.</summary>
    public DateTimeOffset? Latest(DateTimeOffset now) => Schedule?.GetPreviousValidTimeBefore(now.AddSeconds(1)) is { } found && found <= now
        ? found
        : Schedule?.GetPreviousValidTimeBefore(now);

    /// <summary>Every occurrence after <paramref name="from"/> up to <paramref name="to"/>; of more than <paramref name="most"/>, that many spread evenly.</summary>
    internal IReadOnlyList<DateTimeOffset> Between(DateTimeOffset from, DateTimeOffset to, int most)
    {
        List<DateTimeOffset> found = [];
        for (var next = Next(from); next <= to && found.Count <= most; next = Next(next.Value)) found.Add(next.Value);
        if (found.Count <= most) return found;

        var step = (to - from) / most;
        return [.. Enumerable.Range(1, most).Select(i => Latest(from + (step * i))).OfType<DateTimeOffset>().Where(at => at > from).Distinct()];
    }
}
