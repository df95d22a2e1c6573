using System.Formats.Asn1;

namespace StarPortal.Core.MyProxy;

/// <summary>How an EncryptedPrivateKeyInfo (RFC 5958 3) is encrypted.</summary>
/// <param name="IsPbes2">RFC 8018 6.2; its passphrases are octets, those of older schemes are characters.</param>
/// <param name="Rounds">Of the key derivation.</param>
internal sealed record Pkcs8Header(bool IsPbes2, int Rounds)
{
    /// <summary>Half a second of work: who uploads a key does not decide how long the server is busy with it.</summary>
    public const int MaxRounds = 1_000_000;

    private const string Pbes2Oid = "1.2.840.113549.1.5.13";
    private const string Pbkdf2Oid = "1.2.840.113549.1.5.12";

    /// <returns>Null: no EncryptedPrivateKeyInfo, or derived by something else than PBKDF2 and PKCS #5 or #12.</returns>
    public static Pkcs8Header? Read(ReadOnlyMemory<byte> der)
    {
        try
        {
            var outer = new AsnReader(der, AsnEncodingRules.BER);
            var info = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            var algorithm = info.ReadSequence();
            info.ReadOctetString();
            info.ThrowIfNotEmpty();
            var isPbes2 = algorithm.ReadObjectIdentifier() == Pbes2Oid;
            var parameters = algorithm.ReadSequence();
            if (isPbes2)
            {
                var derivation = parameters.ReadSequence();
                if (derivation.ReadObjectIdentifier() != Pbkdf2Oid) return null;
                parameters = derivation.ReadSequence();
            }

            parameters.ReadOctetString();
            return parameters.TryReadInt32(out var rounds) && rounds is > 0 and <= MaxRounds ? new Pkcs8Header(isPbes2, rounds) : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
