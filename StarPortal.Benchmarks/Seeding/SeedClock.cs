namespace StarPortal.Benchmarks.Seeding;

/// <summary>Begins in the past and is wound to the present while the years between are written.</summary>
internal sealed class SeedClock(DateTimeOffset start) : TimeProvider
{
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow() => now;

    public void SetTo(DateTimeOffset instant) => now = instant;
}
