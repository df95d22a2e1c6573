using System.Security.Cryptography;

namespace StarPortal.Core.Authority;

/// <summary>PKCS#8 in the clear, for the moment between an envelope and a key.</summary>
internal static class Pkcs8
{
    private const string RsaOid = "1.2.840.113549.1.1.1";

    public static SigningKey Import(ReadOnlyMemory<byte> pkcs8) => new(ImportKey(pkcs8));

    /// <exception cref="CryptographicException">Not PKCS#8, or of another kind than RSA and EC.</exception>
    public static AsymmetricAlgorithm ImportKey(ReadOnlyMemory<byte> pkcs8)
    {
        var oid = System.Security.Cryptography.Pkcs.Pkcs8PrivateKeyInfo.Decode(pkcs8, out _, skipCopy: true).AlgorithmId.Value;
        AsymmetricAlgorithm key = oid == RsaOid ? RSA.Create() : ECDsa.Create();
        key.ImportPkcs8PrivateKey(pkcs8.Span, out _);
        return key;
    }
}
