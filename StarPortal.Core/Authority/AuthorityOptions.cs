using System.ComponentModel.DataAnnotations;

namespace StarPortal.Core.Authority;

/// <summary>Section <c>Authority</c>. Profiles are in its sub-section <c>Profiles</c>: see <see cref="IssuanceProfiles"/>.</summary>
public sealed class AuthorityOptions
{
    public const string Section = "Authority";

    /// <summary>Where the server key comes from.</summary>
    [EnumDataType(typeof(ServerKeyKind))]
    public ServerKeyKind ServerKeySource { get; set; } = ServerKeyKind.File;

    /// <summary>Path or variable name, by <see cref="ServerKeySource"/>. Default for File: <c>keys/server.key</c> in the data directory.</summary>
    public string? ServerKeyLocation { get; set; }

    /// <summary>The namespace of this authority: what the names of its CAs start with, and {base} in subject templates.</summary>
    [Required]
    public string BaseName { get; set; } = "DC=org, DC=starportal";

    public IssuerOptions Root { get; set; } = new() { CommonName = "StarPortal Root CA", Algorithm = KeyAlgorithm.Rsa4096, Years = 20 };

    /// <summary>Certificates of people: RSA with PKCS#1 v1.5, since grid tools accept no other signature.</summary>
    public IssuerOptions People { get; set; } = new() { CommonName = "StarPortal People CA", Algorithm = KeyAlgorithm.Rsa3072, Years = 10 };

    /// <summary>Certificates of hosts.</summary>
    public IssuerOptions Servers { get; set; } = new() { CommonName = "StarPortal Servers CA", Algorithm = KeyAlgorithm.EcdsaP256, Years = 10 };

    /// <summary>How far notBefore lies in the past, for clients whose clock is slow.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan Backdate { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a CRL of an issuing CA is good for. A new one is signed when half of it has passed, and after each revocation.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "31.00:00:00")]
    public TimeSpan CrlLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The same for the root's CRL, which changes only when an issuing CA is revoked.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "366.00:00:00")]
    public TimeSpan RootCrlLifetime { get; set; } = TimeSpan.FromDays(180);

    /// <summary>How long an OCSP answer is good for; HTTP caches may keep it for a quarter of that.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "7.00:00:00")]
    public TimeSpan OcspLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long an OCSP signer's certificate is valid. It cannot be revoked (id-pkix-ocsp-nocheck), so it is short.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "90.00:00:00")]
    public TimeSpan OcspSignerLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// A file of known-weak keys, one a line: the SHA-256 of a SubjectPublicKeyInfo (64 hex digits), or an entry in the form of Debian's
    /// openssl-blacklist (20 hex digits). Lines that start with # are comments.
    /// </summary>
    public string? WeakKeyFile { get; set; }
}

/// <summary>One CA of ours, as it is made at first start; changing these afterwards changes nothing.</summary>
public sealed class IssuerOptions
{
    [Required, StringLength(64)]
    public string CommonName { get; set; } = "";

    [EnumDataType(typeof(KeyAlgorithm))]
    public KeyAlgorithm Algorithm { get; set; }

    [Range(1, 50)]
    public int Years { get; set; }
}
