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

    /// <summary>
    /// PBKDF2 rounds of the keys that logons open. Few on purpose: each logon pays for them, and the key lies in the server key's envelope besides, so that
    /// a stolen database leaves nothing to guess at. RFC 8018 4.2 asks for 1,000 at least.
    /// </summary>
    [Range(1_000, 1_000_000)]
    public int KeyDerivationRounds { get; set; } = 1_000;

    /// <summary>Wrong passphrases in a row before a user name rests for <see cref="AttemptWait"/>; not for its owner, nor where its owner logged on from last.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 10;

    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AttemptWait { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Wrong passphrases from one address, for whatever user names, within <see cref="AttemptWait"/>.</summary>
    [Range(1, 100_000)]
    public int AttemptsPerAddress { get; set; } = 100;

    /// <summary>When a refused guess is answered, counted from its arrival: slow for whoever guesses, and the same for every reason.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan RefusalDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long stored credentials may still be valid when they are uploaded; null: as long as they are.</summary>
    [Range(typeof(TimeSpan), "00:05:00", "3660.00:00:00")]
    public TimeSpan? MaxCredentialLifetime { get; set; }

    /// <summary>Credentials that one owner may keep by PUT and STORE. What the portal stores, an import or a copy does not ask.</summary>
    [Range(1, 100_000)]
    public int MaxStoredPerOwner { get; set; } = 50;

    /// <summary>Whether credentials without a passphrase may be stored: for renewal by services. Whoever policy trusts with them needs nothing else.</summary>
    public bool AllowPassphraseless { get; set; }

    public MyProxyPolicyOptions Policies { get; set; } = new();

    public MirrorOptions Mirror { get; set; } = new();
}
