namespace StarPortal.Core.Identity;

/// <summary>
/// Real time, for what happens between a person and the portal while the demo clock is wound: an authenticator app shows codes of real time, and
/// a session must not end because somebody wound a month ahead. Everything else goes by <see cref="TimeProvider"/>.
/// </summary>
public sealed class WallClock(TimeProvider time)
{
    public TimeProvider Time { get; } = time;

    public DateTimeOffset Now => Time.GetUtcNow();
}
