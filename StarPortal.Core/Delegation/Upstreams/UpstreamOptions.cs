using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Delegation;

/// <summary>How a CA is convinced that the portal may have a certificate for a name.</summary>
public enum ChallengeMethod
{
    /// <summary>The portal answers itself on its plain HTTP port; the names, or what they point to, have to lead there on port 80.</summary>
    Http01,

    /// <summary>By updates of a DNS server (RFC 2136, signed by RFC 8945).</summary>
    DnsUpdate,

    /// <summary>A program publishes the TXT record.</summary>
    DnsHook,
}

/// <summary>Section <c>Delegation:Upstreams:{name}</c>: another CA with an ACME directory. Where it does not renew by itself (RFC 8739), the portal does.</summary>
public sealed class UpstreamOptions
{
    /// <summary>URL of the directory.</summary>
    [Required, Url]
    public string Directory { get; set; } = "";

    /// <summary>PEM file of the roots of its HTTPS certificate; null: those of the system.</summary>
    public string? RootsFile { get; set; }

    /// <summary>E-mail address for the CA's notices.</summary>
    [EmailAddress]
    public string? Contact { get; set; }

    /// <summary>External account key that the CA gave (RFC 8555 7.3.4); null: none.</summary>
    public string? ExternalAccountKeyId { get; set; }

    /// <summary>Its MAC key, base64url.</summary>
    public string? ExternalAccountMacKey { get; set; }

    /// <summary>Certificate profile that is ordered, where the CA has profiles; null: its default.</summary>
    public string? Profile { get; set; }

    /// <summary>
    /// URL of a delegation object of that server: it is no CA but the owner of the names, or who has them from the owner, and delegates to this portal, which
    /// delegates further (RFC 9115 2.4). Needs an external account key of theirs, and usually <see cref="AllowOtherHosts"/>.
    /// </summary>
    [Url]
    public string? Delegation { get; set; }

    public ChallengeMethod Challenge { get; set; }

    /// <summary>For <see cref="ChallengeMethod.DnsUpdate"/>: the zone's primary, host or host:port.</summary>
    public string? DnsServer { get; set; }

    /// <summary>The zone that is updated; null: the nearest that the server has.</summary>
    public string? DnsZone { get; set; }

    /// <summary>Name of the shared key.</summary>
    public string? TsigName { get; set; }

    /// <summary>hmac-sha256 or hmac-sha512.</summary>
    public string TsigAlgorithm { get; set; } = "hmac-sha256";

    /// <summary>The shared key, base64.</summary>
    public string? TsigSecret { get; set; }

    /// <summary>Further DNS servers that have to show the record before the CA is told, with commas between.</summary>
    public string DnsSeenBy { get; set; } = "";

    /// <summary>For <see cref="ChallengeMethod.DnsHook"/>: absolute path of the program.</summary>
    public string? Hook { get; set; }

    /// <summary>For one answer of the CA.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest life of a certificate that is taken from it.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan MaxCertificateLife { get; set; } = TimeSpan.FromDays(398);

    /// <summary>Whether its answers may name URLs of other hosts.</summary>
    public bool AllowOtherHosts { get; set; }
}
