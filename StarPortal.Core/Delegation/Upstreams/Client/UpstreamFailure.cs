namespace StarPortal.Core.Delegation;

/// <summary>Why an upstream gave nothing.</summary>
public enum UpstreamFailure
{
    /// <summary>It said no, and will say so again.</summary>
    Refused,

    /// <summary>It said not now (RFC 8555 6.6).</summary>
    RateLimited,

    /// <summary>It is there, and cannot answer now (5xx).</summary>
    Unavailable,

    /// <summary>No connection, or no TLS that can be trusted.</summary>
    Unreachable,

    /// <summary>No answer in time.</summary>
    Slow,

    /// <summary>What it answered is not ACME.</summary>
    Nonsense,

    /// <summary>The certificate is not the one that was ordered.</summary>
    WrongCertificate,

    /// <summary>The certificate is the one that was ordered, and lives for longer than is taken.</summary>
    TooLong,
}
