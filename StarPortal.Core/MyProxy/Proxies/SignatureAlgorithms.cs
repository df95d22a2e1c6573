using System.Security.Cryptography;
using StarPortal.Core.Authority;

namespace StarPortal.Core.MyProxy;

/// <summary>Signature algorithms by OID (RFC 4055, RFC 5758): those of keys that sign proxies and requests for them.</summary>
internal static class SignatureAlgorithms
{
    private static readonly (string Oid, KeyKind Kind, HashAlgorithmName Hash)[] Known =
    [
        ("1.2.840.113549.1.1.11", KeyKind.Rsa, HashAlgorithmName.SHA256), ("1.2.840.113549.1.1.12", KeyKind.Rsa, HashAlgorithmName.SHA384),
        ("1.2.840.113549.1.1.13", KeyKind.Rsa, HashAlgorithmName.SHA512), ("1.2.840.113549.1.1.5", KeyKind.Rsa, HashAlgorithmName.SHA1),
        ("1.2.840.10045.4.3.2", KeyKind.Ec, HashAlgorithmName.SHA256), ("1.2.840.10045.4.3.3", KeyKind.Ec, HashAlgorithmName.SHA384),
        ("1.2.840.10045.4.3.4", KeyKind.Ec, HashAlgorithmName.SHA512),
    ];

    public static (KeyKind Kind, HashAlgorithmName Hash)? Find(string oid)
    {
        foreach (var (known, kind, hash) in Known)
        {
            if (known == oid) return (kind, hash);
        }

        return null;
    }

    public static string OidOf(KeyKind kind, HashAlgorithmName hash) => Array.Find(Known, known => known.Kind == kind && known.Hash == hash).Oid;

    /// <summary>The hash that a certificate was signed with, for what it signs in turn: SHA-256 at the least.</summary>
    public static HashAlgorithmName HashOf(string oid) => Find(oid) is { } found && found.Hash != HashAlgorithmName.SHA1 ? found.Hash : HashAlgorithmName.SHA256;
}
