using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Acme;

/// <summary>
/// A public key as ACME has it: an account's, or a certificate's that signs its own revocation. Read by <see cref="JwkReader"/>; whether it is worth
/// anything is <see cref="AccountKeyPolicy"/>'s business.
/// </summary>
/// <remarks>Hot: importing a key takes longer than verifying with it, so key objects are kept. One is used by one thread at a time.</remarks>
public sealed class AcmeJwk
{
    private const int MaxIdleKeys = 4;

    private readonly ConcurrentBag<AsymmetricAlgorithm> idle = [];
    private readonly Lazy<PublicKeyFacts> facts;

    private AcmeJwk(KeyKind kind, string json)
    {
        (Kind, Json) = (kind, json);
        Thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(json)));
        facts = new(ReadFacts);
    }

    public KeyKind Kind { get; }

    /// <summary><c>P-256</c>, <c>P-384</c> or <c>P-521</c>; null for RSA.</summary>
    public string? Curve { get; private init; }

    /// <summary>The required members in lexicographic order, without white space (RFC 7638 3): what the thumbprint is made of, and what is stored.</summary>
    public string Json { get; }

    /// <summary>RFC 7638, SHA-256 in base64url: names the key, and ends every key authorization (RFC 8555 8.1).</summary>
    public string Thumbprint { get; }

    /// <summary>SHA-256 over the SubjectPublicKeyInfo in lower-case hex, as <see cref="SigningRequest.KeyHash"/> has it.</summary>
    public string KeyHash => facts.Value.Hash;

    /// <summary>The same key as the authority sees it.</summary>
    public PublicKeyFacts Facts => facts.Value;

    private ECParameters Point { get; init; }

    private RSAParameters Modulus { get; init; }

    internal static AcmeJwk OfEc(string curve, byte[] x, byte[] y) =>
        new(KeyKind.Ec, $$"""{"crv":"{{curve}}","kty":"EC","x":"{{Base64Url.EncodeToString(x)}}","y":"{{Base64Url.EncodeToString(y)}}"}""")
        {
            Curve = curve,
            Point = new ECParameters { Curve = CurveOf(curve), Q = new ECPoint { X = x, Y = y } },
        };

    internal static AcmeJwk OfRsa(byte[] n, byte[] e) =>
        new(KeyKind.Rsa, $$"""{"e":"{{Base64Url.EncodeToString(e)}}","kty":"RSA","n":"{{Base64Url.EncodeToString(n)}}"}""")
        {
            Modulus = new RSAParameters { Modulus = n, Exponent = e },
        };

    /// <summary>The key of a certificate as ACME would have it.</summary>
    /// <returns>Null: an account can't have such a key.</returns>
    internal static AcmeJwk? Find(PublicKeyFacts key) => key switch
    {
        { Kind: KeyKind.Rsa } => OfRsa(key.Modulus, key.Exponent),
        { Curve: "P-256" } => OfPoint("P-256", 32, key.Encoded),
        { Curve: "P-384" } => OfPoint("P-384", 48, key.Encoded),
        { Curve: "P-521" } => OfPoint("P-521", 66, key.Encoded),
        _ => null,
    };

    /// <summary>From what <see cref="Json"/> gave.</summary>
    internal static AcmeJwk Restore(string json) => JwkReader.Read(Encoding.UTF8.GetBytes(json));

    /// <exception cref="AcmeException">badPublicKey: not a point on its curve, or otherwise no key.</exception>
    public void RequireUsable()
    {
        try
        {
            idle.Add(Import());
        }
        catch (CryptographicException)
        {
            throw AcmeErrors.BadKey("The jwk is not a key: its numbers do not fit each other.");
        }
    }

    /// <summary>Whether the signature is this key's. False also for a signature that is none.</summary>
    public bool Verify(JwsAlgorithm algorithm, ReadOnlySpan<byte> content, ReadOnlySpan<byte> signature)
    {
        if (!algorithm.Fits(this)) return false;
        if (!idle.TryTake(out var key)) key = Import();
        try
        {
            return key switch
            {
                ECDsa ec => ec.VerifyData(content, signature, algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
                RSA rsa => rsa.VerifyData(content, signature, algorithm.Hash, algorithm.Padding!),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            return false;
        }
        finally
        {
            if (idle.Count < MaxIdleKeys) idle.Add(key);
            else key.Dispose();
        }
    }

    /// <summary>A SubjectPublicKeyInfo ends with the coordinates.</summary>
    private static AcmeJwk OfPoint(string curve, int length, byte[] publicKeyInfo) => OfEc(curve, publicKeyInfo[^(2 * length)..^length], publicKeyInfo[^length..]);

    private AsymmetricAlgorithm Import() => Kind switch
    {
        KeyKind.Ec => ECDsa.Create(Point),
        KeyKind.Rsa => RSA.Create(Modulus),
    };

    private PublicKeyFacts ReadFacts()
    {
        using var key = Import();
        return PublicKeyFacts.Parse(key.ExportSubjectPublicKeyInfo());
    }

    private static ECCurve CurveOf(string name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        _ => ECCurve.NamedCurves.nistP521,
    };
}
