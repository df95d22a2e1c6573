using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>Section <c>Acme</c>.</summary>
public sealed class AcmeOptions
{
    public const string Section = "Acme";

    /// <summary>Where http-01 starts (RFC 8555 8.3: 80). Another port is for tests.</summary>
    [Range(1, 65535)]
    public int Http01Port { get; set; } = 80;

    /// <summary>Where tls-alpn-01 connects to (RFC 8737 3: 443). Another port is for tests.</summary>
    [Range(1, 65535)]
    public int TlsAlpn01Port { get; set; } = 443;

    /// <summary>DNS servers as host:port; empty: those of the system.</summary>
    public string[] DnsServers { get; set; } = [];

    /// <summary>Whether validation may connect to private, loopback and link-local addresses.</summary>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>Nets such as 10.2.0.0/16 that validation may connect to though they are private.</summary>
    public string[] AllowNets { get; set; } = [];

    /// <summary>Nets that validation never connects to.</summary>
    public string[] DenyNets { get; set; } = [];

    /// <summary>Whether new accounts need an external account binding (RFC 8555 7.3.4).</summary>
    public bool ExternalAccountRequired { get; set; }

    /// <summary>Whether identifiers outside every namespace are refused.</summary>
    public bool NamespaceRequired { get; set; }

    public NamespaceOptions[] Namespaces { get; set; } = [];

    /// <summary>Lets namespaces without challenges be configured in Production.</summary>
    public bool AllowWaivedNamespaces { get; set; }

    /// <summary>Issuance profiles that clients may choose, of the issuer servers; the first is the default.</summary>
    public string[] Profiles { get; set; } = [];

    /// <summary>URL of the terms that accounts have to agree to; none: nothing is to be agreed to.</summary>
    [Url]
    public string? TermsOfService { get; set; }

    /// <summary>Whether accounts that agreed to terms at another URL have to agree again before anything else (RFC 8555 7.3.3).</summary>
    public bool ChangedTermsNeedAgreement { get; set; }

    /// <summary>Names by which CAA records allow us to issue; empty: the host of Portal:PublicUrl.</summary>
    public string[] CaaIdentities { get; set; } = [];

    /// <summary>A page about this CA, for the directory; none: the portal itself.</summary>
    [Url]
    public string? Website { get; set; }

    public AcmeRateLimitOptions RateLimits { get; set; } = new();

    /// <summary>How long an order waits to be finalized, and an authorization to be answered.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00")]
    public TimeSpan OrderLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a validated authorization may be used again. 0: each order is validated anew.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan AuthorizationLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long orders that came to nothing are kept for people to look at.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepHistory { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often a challenge is tried before it is invalid (RFC 8555 8.2).</summary>
    [Range(1, 20)]
    public int ValidationAttempts { get; set; } = 3;

    /// <summary>Between the first and the second attempt; twice as long each time after.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ValidationRetryDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Of one attempt, all its questions and redirects together; also of the CAA check of one name.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ValidationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts at the same time, on each node.</summary>
    [Range(1, 10_000)]
    public int ValidationConcurrency { get; set; } = 100;

    [ValidateObjectMembers]
    public DnsResolverOptions Dns { get; set; } = new();

    [ValidateObjectMembers]
    public ValidationOptions Validation { get; set; } = new();

    /// <summary>The page that says how to get in, below the portal's outward name: problem documents point to it.</summary>
    [Required]
    public string NamespacePage { get; set; } = "/acme";

    /// <summary><see cref="Profiles"/>, or the one that is offered when nothing is configured.</summary>
    internal IReadOnlyList<string> OfferedProfiles => Profiles is [] ? [Authority.IssuanceProfiles.Host] : Profiles;
}

/// <summary>A namespace by configuration.</summary>
public sealed class NamespaceOptions
{
    /// <summary>A domain: it and everything below it.</summary>
    [Required]
    public string Suffix { get; set; } = "";

    /// <summary><c>required</c> or <c>waived</c>.</summary>
    [AllowedValues("required", "waived")]
    public string Challenge { get; set; } = "required";
}
