using System.Formats.Asn1;
using System.Security.Cryptography;

namespace StarPortal.Core.Authority;

/// <summary>Proof of possession: the request is signed by the key that it asks to certify (RFC 2986 3).</summary>
internal static class SigningRequestSignature
{
    private const string Pss = "1.2.840.113549.1.1.10";

    /// <summary>AlgorithmIdentifier: the OID, with NULL or nothing behind it (RFC 4055 5, RFC 5758 3.2); PSS, which is refused by name, has more.</summary>
    public static string ReadAlgorithm(AsnReader identifier)
    {
        var algorithm = identifier.ReadObjectIdentifier();
        if (algorithm == Pss) return algorithm;
        if (identifier.HasData) identifier.ReadNull();
        identifier.ThrowIfNotEmpty();
        return algorithm;
    }

    /// <exception cref="Shared.ServiceException">Invalid: a wrong signature, or an algorithm that proves nothing any more.</exception>
    public static void Verify(PublicKeyFacts key, string algorithm, ReadOnlySpan<byte> signed, byte[] signature)
    {
        var (kind, hash) = Resolve(algorithm);
        if (kind != key.Kind) throw AuthorityErrors.BadRequest("The request's signature and its key are of different kinds.");

        bool isRight;
        try
        {
            using var publicKey = key.Import();
            isRight = publicKey switch
            {
                RSA rsa => rsa.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1),
                ECDsa ecdsa => ecdsa.VerifyData(signed, signature, hash, DSASignatureFormat.Rfc3279DerSequence),
                _ => false,
            };
        }
        catch (CryptographicException)
        {
            throw AuthorityErrors.BadKey(key.Kind is KeyKind.Ec
                ? $"The key is not a point on a curve that is certified here ({key.Curve})."
                : "The RSA key is damaged.");
        }

        if (!isRight) throw AuthorityErrors.BadRequest("The request's signature is wrong: it was changed after it was signed, or signed by another key. Make it anew.");
    }

    private static (KeyKind Kind, HashAlgorithmName Hash) Resolve(string algorithm) => algorithm switch
    {
        "1.2.840.113549.1.1.11" => (KeyKind.Rsa, HashAlgorithmName.SHA256),
        "1.2.840.113549.1.1.12" => (KeyKind.Rsa, HashAlgorithmName.SHA384),
        "1.2.840.113549.1.1.13" => (KeyKind.Rsa, HashAlgorithmName.SHA512),
        "1.2.840.10045.4.3.2" => (KeyKind.Ec, HashAlgorithmName.SHA256),
        "1.2.840.10045.4.3.3" => (KeyKind.Ec, HashAlgorithmName.SHA384),
        "1.2.840.10045.4.3.4" => (KeyKind.Ec, HashAlgorithmName.SHA512),
        "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" =>
            throw AuthorityErrors.BadRequest("The request is signed with MD5 or SHA-1, which proves nothing any more. Make it anew with SHA-256."),
        Pss => throw AuthorityErrors.BadRequest("The request is signed with RSASSA-PSS. Make it anew with the usual RSA signature (PKCS#1 v1.5, SHA-256)."),
        _ => throw AuthorityErrors.BadRequest($"The request is signed with an algorithm that is not accepted here ({new Oid(algorithm).FriendlyName ?? algorithm}). Use SHA-256 with RSA or ECDSA."),
    };
}
