using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace StarPortal.Tests.Acme;

/// <summary>A client's key: signs by any algorithm that goes with it, and shows itself as a JWK.</summary>
public sealed class TestKey : IDisposable
{
    private readonly AsymmetricAlgorithm key;

    private TestKey(AsymmetricAlgorithm key, string algorithm, JsonObject jwk) => (this.key, Algorithm, Jwk) = (key, algorithm, jwk);

    /// <summary>The <c>alg</c> that it signs with unless asked for another.</summary>
    public string Algorithm { get; }

    public JsonObject Jwk { get; }

    /// <summary>RFC 7638, made here and not by what is tested: the members are in lexicographic order already.</summary>
    public string Thumbprint => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Jwk.ToJsonString())));

    /// <summary>The .NET key, to sign certificate requests with.</summary>
    public AsymmetricAlgorithm Key => key;

    public static TestKey Ec(string curve = "P-256")
    {
        var (named, algorithm) = curve switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, "ES256"),
            "P-384" => (ECCurve.NamedCurves.nistP384, "ES384"),
            _ => (ECCurve.NamedCurves.nistP521, "ES512"),
        };
        var key = ECDsa.Create(named);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new TestKey(key, algorithm, new JsonObject { ["crv"] = curve, ["kty"] = "EC", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) });
    }

    public static TestKey Rsa(int bits = 2048, string algorithm = "RS256") => Rsa(RSA.Create(bits), algorithm);

    public static TestKey Rsa(RSAParameters parameters) => Rsa(RSA.Create(parameters), "RS256");

    private static TestKey Rsa(RSA key, string algorithm)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return new TestKey(key, algorithm, new JsonObject { ["e"] = Base64Url.EncodeToString(numbers.Exponent), ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(numbers.Modulus) });
    }

    public byte[] Sign(byte[] content, string algorithm)
    {
        var hash = algorithm[Math.Max(0, algorithm.Length - 3)..] switch { "384" => HashAlgorithmName.SHA384, "512" => HashAlgorithmName.SHA512, _ => HashAlgorithmName.SHA256 };
        return key switch
        {
            ECDsa ec => ec.SignData(content, hash),
            RSA rsa => rsa.SignData(content, hash, algorithm.StartsWith("PS", StringComparison.Ordinal) ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            _ => throw new InvalidOperationException(),
        };
    }

    public void Dispose() => key.Dispose();
}
