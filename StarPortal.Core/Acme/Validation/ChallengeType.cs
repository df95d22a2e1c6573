namespace StarPortal.Core.Acme;

/// <summary>How control of an identifier is shown.</summary>
public enum ChallengeType
{
    /// <summary>RFC 8555 8.3.</summary>
    Http01,

    /// <summary>RFC 8555 8.4.</summary>
    Dns01,

    /// <summary>RFC 8737.</summary>
    TlsAlpn01,

    /// <summary>draft-ietf-acme-dns-account-label.</summary>
    DnsAccount01,
}
