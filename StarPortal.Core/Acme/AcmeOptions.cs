using System.ComponentModel.DataAnnotations;

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

/// <summary>Section <c>Acme:RateLimits</c>.</summary>
public sealed class AcmeRateLimitOptions
{
    public bool Enabled { get; set; } = true;
}
