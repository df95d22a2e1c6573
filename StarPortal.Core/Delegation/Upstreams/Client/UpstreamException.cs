namespace StarPortal.Core.Delegation;

/// <summary>
/// An upstream gave nothing. The message has the detail for the owner of the names and for administrators; it repeats what the upstream wrote and is
/// not for consumers.
/// </summary>
public sealed class UpstreamException(UpstreamFailure failure, string detail, Exception? inner = null) : Exception(detail, inner)
{
    public UpstreamFailure Failure { get; } = failure;

    /// <summary>What the upstream said, where it said something.</summary>
    public UpstreamProblem? Problem { get; init; }

    /// <summary>Not to be asked again before; null when the upstream did not say.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Whether the same may succeed later.</summary>
    public bool MayPass => Failure switch
    {
        UpstreamFailure.RateLimited or UpstreamFailure.Unavailable or UpstreamFailure.Unreachable or UpstreamFailure.Slow or UpstreamFailure.Nonsense => true,
        UpstreamFailure.Refused or UpstreamFailure.WrongCertificate or UpstreamFailure.TooLong => false,
    };
}
