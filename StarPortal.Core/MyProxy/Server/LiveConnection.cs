namespace StarPortal.Core.MyProxy;

/// <summary>A connection that is open now, for administrators to see.</summary>
/// <param name="Address">The client's, in text form.</param>
public sealed record LiveConnection(long Id, string Address, DateTimeOffset Since)
{
    /// <summary>Such as <c>TLS 1.3</c>; null during the handshake.</summary>
    public string? Protocol { get; internal set; }

    /// <summary>One-line name, or <c>&lt;anonymous&gt;</c>; null as long as it is not known.</summary>
    public string? Client { get; internal set; }

    /// <summary>Null as long as nothing is asked.</summary>
    public MyProxyCommand? Command { get; internal set; }

    public string? UserName { get; internal set; }
}
