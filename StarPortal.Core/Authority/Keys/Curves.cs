namespace StarPortal.Core.Authority;

/// <summary>Names and sizes of elliptic curves.</summary>
internal static class Curves
{
    private static readonly (string Oid, string Name, int Bits)[] Known =
    [
        ("1.2.840.10045.3.1.7", "P-256", 256), ("1.3.132.0.34", "P-384", 384), ("1.3.132.0.35", "P-521", 521), ("1.3.132.0.33", "P-224", 224),
        ("1.2.840.10045.3.1.1", "P-192", 192), ("1.3.132.0.10", "secp256k1", 256), ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256),
        ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384), ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 512),
    ];

    public static string NameOf(string oid) => Known.FirstOrDefault(curve => curve.Oid == oid).Name ?? oid;

    public static int? BitsOf(string oid) => Known.FirstOrDefault(curve => curve.Oid == oid).Bits is > 0 and var bits ? bits : null;
}
