namespace StarPortal.Core.Authority;

/// <summary>Names of extended key usages (RFC 5280 4.2.1.12).</summary>
internal static class ExtendedKeyUsages
{
    public const string OcspSigning = "1.3.6.1.5.5.7.3.9";
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private static readonly (string Name, string Oid, string Text)[] Known =
    [
        ("serverAuth", ServerAuth, "TLS Web Server Authentication"),
        ("clientAuth", ClientAuth, "TLS Web Client Authentication"),
        ("codeSigning", "1.3.6.1.5.5.7.3.3", "Code Signing"),
        ("emailProtection", "1.3.6.1.5.5.7.3.4", "E-mail Protection"),
        ("timeStamping", "1.3.6.1.5.5.7.3.8", "Time Stamping"),
        ("OCSPSigning", OcspSigning, "OCSP Signing"),
    ];

    public static string OidOf(string name) => Known.FirstOrDefault(usage => usage.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Oid ?? name;

    /// <summary>As OpenSSL prints it; the OID itself when we have no name for it.</summary>
    public static string TextOf(string oid) => Known.FirstOrDefault(usage => usage.Oid == oid).Text ?? oid;
}
