namespace StarPortal.Core.Jobs;

/// <summary>How far the demo's clock has been wound: one row, so that a restart does not turn time back.</summary>
public sealed class DemoClockSetting
{
    public const int OnlyId = 1;

    private DemoClockSetting()
    {
    }

    public int Id { get; private set; } = OnlyId;

    public long OffsetTicks { get; private set; }

    public TimeSpan Offset => TimeSpan.FromTicks(OffsetTicks);

    internal static DemoClockSetting New() => new();

    internal void Wind(TimeSpan offset) => OffsetTicks = offset.Ticks;
}
