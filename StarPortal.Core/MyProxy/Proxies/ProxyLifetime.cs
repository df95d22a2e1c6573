namespace StarPortal.Core.MyProxy;

/// <summary>How long a proxy lives: as on the genuine server.</summary>
internal static class ProxyLifetime
{
    /// <summary>For clients whose clock is slow.</summary>
    public static readonly TimeSpan Backdate = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(5);

    /// <summary>The shortest of the limits that are set, in whole minutes and five at the least; without any, and never later than, the end of what signs.</summary>
    /// <param name="limits">Null or not positive: not set.</param>
    public static DateTimeOffset EndOf(DateTimeOffset now, DateTimeOffset signerEnds, params ReadOnlySpan<TimeSpan?> limits)
    {
        var lifetime = TimeSpan.MaxValue;
        foreach (var limit in limits)
        {
            if (limit is { } set && set > TimeSpan.Zero && set < lifetime) lifetime = set;
        }

        if (lifetime < Shortest) lifetime = Shortest;
        lifetime = new TimeSpan(lifetime.Ticks - (lifetime.Ticks % TimeSpan.TicksPerMinute));
        return lifetime < signerEnds - now ? now + lifetime : signerEnds;
    }
}
