namespace StarPortal.Core.Jobs;

/// <summary>
/// The real time and an offset that only grows. Only the calendar is wound: timers and time stamps for measuring stay the machine's, so that
/// what waits for a minute waits for a minute.
/// </summary>
public sealed class DemoClock : TimeProvider
{
    private long offset;

    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref offset));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    internal void Set(TimeSpan value) => Interlocked.Exchange(ref offset, value.Ticks);
}
