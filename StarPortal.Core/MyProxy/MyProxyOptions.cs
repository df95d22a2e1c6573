using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.MyProxy;

/// <summary>Section <c>MyProxy</c>.</summary>
public sealed class MyProxyOptions
{
    public const string Section = "MyProxy";

    /// <summary>TCP port of the MyProxy server; 0: none.</summary>
    [Range(0, 65535)]
    public int Port { get; set; } = 7512;

    /// <summary>Connections that are open at once; who comes besides is let go.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 5_000;

    /// <summary>As above, of one address.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerAddress { get; set; } = 500;

    /// <summary>How long a TLS handshake may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the server waits for a client's next bytes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take to say all that it has to say.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest proxy that a logon gives; null: as long as the credential is valid.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "3660.00:00:00")]
    public TimeSpan? MaxProxyLifetime { get; set; }

    /// <summary>A directory of other CAs to trust, as grid tools keep it: <c>hash.0</c>, <c>hash.signing_policy</c> and, if they have one, <c>hash.r0</c>. Read again when it changes.</summary>
    [MaxLength(4096)]
    public string? TrustDirectory { get; set; }
}
