using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Shared;

/// <summary>Section <c>Portal</c>: where the portal listens, how the world calls it and where its files are.</summary>
public sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>Address of every listener: an IP address, or <c>*</c> for all.</summary>
    [Required]
    public string ListenAddress { get; set; } = "127.0.0.1";

    /// <summary>Portal, ACME, STAR and delegation. 0 switches the listener off (a proxy in front then terminates TLS).</summary>
    [Range(0, 65535)]
    public int HttpsPort { get; set; } = 8443;

    /// <summary>CRL, OCSP, AIA and a redirect for people. 0 switches the listener off.</summary>
    [Range(0, 65535)]
    public int HttpPort { get; set; } = 8080;

    /// <summary>The outward name: every mailed link and every ACME URL starts with it. Default: https://localhost and the port.</summary>
    [Url]
    public string? PublicUrl { get; set; }

    /// <summary>Base of the CRL, OCSP and AIA URLs in certificates: plain HTTP by RFC 5280 4.2.1.13. Default: http, host of PublicUrl, HttpPort.</summary>
    [Url]
    public string? PkiUrl { get; set; }

    /// <summary>Database file, keys, sent mail in development. Made with mode 0700 when missing.</summary>
    [Required]
    public string DataDirectory { get; set; } = "./var";

    /// <summary>Shown in the header, in mails and as the name of passkeys.</summary>
    [Required, StringLength(60)]
    public string Name { get; set; } = "StarPortal";

    /// <summary>Personas, the inbox page and the clock that winds forward. Refused in Production.</summary>
    public bool Demo { get; set; }

    /// <summary>Addresses of reverse proxies whose X-Forwarded-* headers are believed.</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>The outward base URL without a slash at its end.</summary>
    public Uri BaseUrl => Parse(PublicUrl, $"https://localhost:{HttpsPort}");

    /// <summary>The base URL of what certificates point to, without a slash at its end.</summary>
    public Uri PkiBaseUrl => Parse(PkiUrl, $"http://{BaseUrl.Host}:{HttpPort}");

    /// <summary>An absolute link to one of our pages. <paramref name="path"/> starts with a slash.</summary>
    public string Link(string path) => BaseUrl.GetLeftPart(UriPartial.Authority) + BaseUrl.AbsolutePath.TrimEnd('/') + path;

    /// <summary>Validation reads these properties too, so what is unusable must not throw here: it gets its message from the attributes.</summary>
    private static Uri Parse(string? given, string otherwise) =>
        Uri.TryCreate((given ?? otherwise).TrimEnd('/'), UriKind.Absolute, out var uri) ? uri : new Uri("https://localhost");

    /// <summary>An absolute path below <see cref="DataDirectory"/>.</summary>
    public string PathOf(params string[] parts) => Path.GetFullPath(Path.Combine([DataDirectory, .. parts]));
}
