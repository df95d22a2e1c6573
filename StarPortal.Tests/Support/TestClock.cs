namespace StarPortal.Tests.Support;

/// <summary>A clock that stands still until a test winds it. Starts at the real time of this test run, so that real clients accept what it dates.</summary>
public sealed class TestClock(DateTimeOffset? start = null) : TimeProvider
{
    /// <summary>When this process started, in whole seconds.</summary>
    public static readonly DateTimeOffset ProcessStart = DateTimeOffset.FromUnixTimeSeconds(System.GetUtcNow().ToUnixTimeSeconds());

    private long ticks = (start ?? ProcessStart).UtcTicks;

    public DateTimeOffset Now => GetUtcNow();

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref ticks), TimeSpan.Zero);

    public void Advance(TimeSpan by) => Interlocked.Add(ref ticks, by.Ticks);

    public void SetTo(DateTimeOffset instant) => Interlocked.Exchange(ref ticks, instant.UtcTicks);
}
