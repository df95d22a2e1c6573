using System.Security.Cryptography;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>
/// A signature algorithm (RFC 7518 3.1) that requests may be signed with. EdDSA, which RFC 8555 6.2 says that servers SHOULD have, is missing in the
/// platform's cryptography.
/// </summary>
/// <param name="Curve">The one curve that goes with it; null for RSA.</param>
public sealed record JwsAlgorithm(string Name, HashAlgorithmName Hash, KeyKind Kind, string? Curve, RSASignaturePadding? Padding)
{
    private static readonly JwsAlgorithm[] All =
    [
        new("ES256", HashAlgorithmName.SHA256, KeyKind.Ec, "P-256", null),
        new("ES384", HashAlgorithmName.SHA384, KeyKind.Ec, "P-384", null),
        new("ES512", HashAlgorithmName.SHA512, KeyKind.Ec, "P-521", null),
        new("RS256", HashAlgorithmName.SHA256, KeyKind.Rsa, null, RSASignaturePadding.Pkcs1),
        new("RS384", HashAlgorithmName.SHA384, KeyKind.Rsa, null, RSASignaturePadding.Pkcs1),
        new("RS512", HashAlgorithmName.SHA512, KeyKind.Rsa, null, RSASignaturePadding.Pkcs1),
        new("PS256", HashAlgorithmName.SHA256, KeyKind.Rsa, null, RSASignaturePadding.Pss),
        new("PS384", HashAlgorithmName.SHA384, KeyKind.Rsa, null, RSASignaturePadding.Pss),
        new("PS512", HashAlgorithmName.SHA512, KeyKind.Rsa, null, RSASignaturePadding.Pss),
    ];

    /// <summary>For the <c>algorithms</c> of a badSignatureAlgorithm problem.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(algorithm => algorithm.Name)];

    /// <exception cref="AcmeException">badSignatureAlgorithm: none, a MAC, or one that is not known here.</exception>
    public static JwsAlgorithm Get(string? name)
    {
        foreach (var algorithm in All)
            if (algorithm.Name == name) return algorithm;
        throw AcmeErrors.BadAlgorithm("The JWS is not signed with an algorithm that this server takes.", Names);
    }

    public bool Fits(AcmeJwk key) => key.Kind == Kind && (Curve is null || Curve == key.Curve);

    public static IReadOnlyList<string> NamesFor(AcmeJwk key) => [.. All.Where(algorithm => algorithm.Fits(key)).Select(algorithm => algorithm.Name)];
}
