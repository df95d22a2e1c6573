namespace StarPortal.Tests.Support;

/// <summary>A clock for what waits: each timer is due at once, and the time that it was to take has passed.</summary>
public sealed class LeapingClock(DateTimeOffset start) : TimeProvider
{
    private long ticks = start.UtcTicks;

    private long timestamp;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Interlocked.Read(ref timestamp);

    /// <summary>As an administrator does; no less time has passed by that.</summary>
    public void PutBack(TimeSpan by) => Interlocked.Add(ref ticks, -by.Ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Add(ref ticks, dueTime.Ticks);
        Interlocked.Add(ref timestamp, dueTime.Ticks);
        ThreadPool.QueueUserWorkItem(_ => callback(state));
        return new Timer();
    }

    private sealed class Timer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
