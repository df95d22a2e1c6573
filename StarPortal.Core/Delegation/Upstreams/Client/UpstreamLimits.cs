namespace StarPortal.Core.Delegation;

/// <summary>What one exchange with an upstream may cost.</summary>
public sealed record UpstreamLimits
{
    /// <summary>Of any answer; a chain with its issuers has a few KiB.</summary>
    public int MaxBodyBytes { get; init; } = 256 * 1024;

    /// <summary>For one request and its whole answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a request is signed anew after badNonce (RFC 8555 6.5).</summary>
    public int MaxNonceRetries { get; init; } = 8;

    /// <summary>How long an order or authorization is waited for in all (<see cref="UpstreamWait"/>).</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Before an order is asked for again where the server doesn't say.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest that a Retry-After is believed.</summary>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromDays(7);
}
