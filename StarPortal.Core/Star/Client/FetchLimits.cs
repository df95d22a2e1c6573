namespace StarPortal.Core.Star;

/// <summary>What a poll may cost.</summary>
public sealed record FetchLimits
{
    public int MaxBodyBytes { get; init; } = 256 * 1024;

    public int MaxRedirects { get; init; } = 5;

    /// <summary>For the whole poll, redirects included.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For one run of the hook.</summary>
    public TimeSpan HookTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
