using System.Formats.Asn1;
using System.Security.Cryptography;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

public enum KeyKind
{
    Rsa,
    Ec,
}

/// <summary>
/// What a public key is. Only the one canonical encoding of a key is taken (DER, RSA with NULL parameters, EC by named curve and
/// uncompressed point), so that the hash of a key is the same wherever the key comes from.
/// </summary>
public sealed record PublicKeyFacts
{
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string EcOid = "1.2.840.10045.2.1";

    /// <summary>No arithmetic is done with anything larger.</summary>
    private const int MaxRsaBits = 16384;

    private PublicKeyFacts()
    {
    }

    public required KeyKind Kind { get; init; }

    /// <summary>Bits of the RSA modulus or of the curve.</summary>
    public required int Bits { get; init; }

    /// <summary>RSA: unsigned, big-endian; empty for EC.</summary>
    public byte[] Modulus { get; private init; } = [];

    /// <summary>RSA: unsigned, big-endian; empty for EC.</summary>
    public byte[] Exponent { get; private init; } = [];

    /// <summary>EC: <c>P-256</c>, or the OID of a curve that we have no name for; null for RSA.</summary>
    public string? Curve { get; private init; }

    /// <summary>SHA-256 over the SubjectPublicKeyInfo, lower-case hex.</summary>
    public required string Hash { get; init; }

    /// <summary>The SubjectPublicKeyInfo itself.</summary>
    public required byte[] Encoded { get; init; }

    /// <summary>A signature of this very key was verified, so that its numbers are known to be a key.</summary>
    public bool HasSigned { get; internal init; }

    /// <summary>For people: <c>RSA 3072</c>, <c>EC P-256</c>.</summary>
    public string Description => Kind switch
    {
        KeyKind.Rsa => $"RSA {Bits}",
        KeyKind.Ec => $"EC {Curve}",
    };

    public static string HashOf(ReadOnlySpan<byte> publicKeyInfo) => Convert.ToHexStringLower(SHA256.HashData(publicKeyInfo));

    /// <exception cref="ServiceException">Invalid, field SigningRequest: not a key, an encoding that nobody needs, or a kind that we do not certify.</exception>
    public static PublicKeyFacts Parse(ReadOnlyMemory<byte> publicKeyInfo)
    {
        try
        {
            var reader = new AsnReader(publicKeyInfo, AsnEncodingRules.DER);
            var info = reader.ReadSequence();
            reader.ThrowIfNotEmpty();
            var algorithm = info.ReadSequence();
            var key = info.ReadBitString(out var unusedBits);
            info.ThrowIfNotEmpty();
            if (unusedBits != 0) throw AuthorityErrors.BadKey("The public key is damaged.");

            return algorithm.ReadObjectIdentifier() switch
            {
                RsaOid => ParseRsa(publicKeyInfo, algorithm, key),
                EcOid => ParseEc(publicKeyInfo, algorithm, key),
                var oid => throw AuthorityErrors.BadKey($"This kind of key ({new Oid(oid).FriendlyName ?? oid}) is not certified here: use RSA or ECDSA."),
            };
        }
        catch (AsnContentException)
        {
            throw AuthorityErrors.BadKey("The public key is damaged.");
        }
    }

    /// <summary>The key, ready to check signatures with; the caller disposes of it.</summary>
    /// <exception cref="CryptographicException">The curve is unknown to the platform, or the point is not on it.</exception>
    public AsymmetricAlgorithm Import()
    {
        AsymmetricAlgorithm key = Kind switch
        {
            KeyKind.Rsa => RSA.Create(),
            KeyKind.Ec => ECDsa.Create(),
        };
        try
        {
            key.ImportSubjectPublicKeyInfo(Encoded, out _);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            throw;
        }
        catch (PlatformNotSupportedException unknown)
        {
            key.Dispose();
            throw new CryptographicException(unknown.Message, unknown);
        }
    }

    private static PublicKeyFacts ParseRsa(ReadOnlyMemory<byte> encoded, AsnReader algorithm, byte[] key)
    {
        algorithm.ReadNull(); // RFC 3279 2.3.1: the parameters MUST be NULL.
        algorithm.ThrowIfNotEmpty();
        var reader = new AsnReader(key, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var modulus = ReadUnsigned(sequence);
        var exponent = ReadUnsigned(sequence);
        sequence.ThrowIfNotEmpty();

        var bits = BitLength(modulus);
        if (bits > MaxRsaBits) throw AuthorityErrors.BadKey($"An RSA key of {bits} bits is more than anybody can use.");
        return new PublicKeyFacts
        {
            Kind = KeyKind.Rsa, Bits = bits, Modulus = modulus, Exponent = exponent, Hash = HashOf(encoded.Span), Encoded = encoded.ToArray(),
        };
    }

    private static PublicKeyFacts ParseEc(ReadOnlyMemory<byte> encoded, AsnReader algorithm, byte[] key)
    {
        if (!algorithm.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier))
            throw AuthorityErrors.BadKey("The key spells out its curve: use a named curve, such as P-256.");
        var curve = algorithm.ReadObjectIdentifier();
        algorithm.ThrowIfNotEmpty();
        if (key is not [0x04, ..]) throw AuthorityErrors.BadKey("The key's point is compressed: make the request with an uncompressed point.");
        return new PublicKeyFacts
        {
            Kind = KeyKind.Ec, Bits = Curves.BitsOf(curve) ?? (key.Length - 1) / 2 * 8, Curve = Curves.NameOf(curve), Hash = HashOf(encoded.Span), Encoded = encoded.ToArray(),
        };
    }

    private static byte[] ReadUnsigned(AsnReader reader)
    {
        var content = reader.ReadIntegerBytes().Span;
        if ((content[0] & 0x80) != 0) throw new AsnContentException("A negative number in an RSA key.");
        return content.TrimStart((byte)0).ToArray();
    }

    private static int BitLength(byte[] unsigned) => unsigned.Length == 0 ? 0 : (unsigned.Length * 8) - (System.Numerics.BitOperations.LeadingZeroCount(unsigned[0]) - 24);
}
