using System.Security.Cryptography;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>A kind of key that may be certified (RFC 9115 4.1): it restrains the SubjectPublicKeyInfo of the request, and nothing else of it.</summary>
/// <param name="Bits">Of the RSA modulus, or of the curve.</param>
/// <param name="Curve">Null for RSA.</param>
/// <param name="Signature">What the consumer signs its request with; a request is not refused for another, since the RFC restrains type and size of the key alone.</param>
public sealed record TemplateKeyType(int Bits, TemplateCurve? Curve, TemplateSignature Signature)
{
    internal const string Rsa = "rsaEncryption";
    internal const string Ec = "id-ecPublicKey";

    public string PublicKeyType => Curve is null ? Rsa : Ec;

    /// <summary>For people, in the words of <see cref="PublicKeyFacts.Description"/>.</summary>
    public string Description => Curve is null ? $"RSA {Bits}" : $"EC {Curve.KnownAs}";

    public bool Allows(PublicKeyFacts key) => key.Kind switch
    {
        KeyKind.Rsa => Curve is null && key.Bits == Bits,
        KeyKind.Ec => Curve is not null && key.Curve == Curve.KnownAs,
    };

    /// <summary>A new key of this kind; the caller disposes of it.</summary>
    internal AsymmetricAlgorithm MakeKey() => Curve is null ? RSA.Create(Bits) : ECDsa.Create(ECCurve.CreateFromValue(Curve.Oid));
}

/// <summary>A curve of appendix A. The OID of secp521r1 is printed as 1.3.132.0.3 there; it is 1.3.132.0.35 (SEC 2, RFC 5480 2.1.1.1).</summary>
/// <param name="Name">In templates.</param>
/// <param name="KnownAs">In <see cref="PublicKeyFacts.Curve"/>.</param>
public sealed record TemplateCurve(string Name, string KnownAs, string Oid, int Bits)
{
    internal static readonly IReadOnlyList<TemplateCurve> All =
    [
        new("secp256r1", "P-256", "1.2.840.10045.3.1.7", 256), new("secp384r1", "P-384", "1.3.132.0.34", 384), new("secp521r1", "P-521", "1.3.132.0.35", 521),
    ];
}

/// <summary>A signature type of appendix A.</summary>
/// <param name="IsPss">RSASSA-PSS, with a salt as long as the hash.</param>
/// <param name="PairedCurve">The curve that it goes with; null for RSA.</param>
public sealed record TemplateSignature(string Name, HashAlgorithmName Hash, bool IsPss, string? PairedCurve)
{
    internal static readonly IReadOnlyList<TemplateSignature> All =
    [
        new("sha256WithRSAEncryption", HashAlgorithmName.SHA256, false, null), new("sha384WithRSAEncryption", HashAlgorithmName.SHA384, false, null),
        new("sha512WithRSAEncryption", HashAlgorithmName.SHA512, false, null), new("sha256WithRSAandMGF1", HashAlgorithmName.SHA256, true, null),
        new("sha384WithRSAandMGF1", HashAlgorithmName.SHA384, true, null), new("sha512WithRSAandMGF1", HashAlgorithmName.SHA512, true, null),
        new("ecdsa-with-SHA256", HashAlgorithmName.SHA256, false, "secp256r1"), new("ecdsa-with-SHA384", HashAlgorithmName.SHA384, false, "secp384r1"),
        new("ecdsa-with-SHA512", HashAlgorithmName.SHA512, false, "secp521r1"),
    ];
}
