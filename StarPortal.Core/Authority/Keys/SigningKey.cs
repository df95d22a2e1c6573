using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Authority;

/// <summary>
/// A private key that signs certificates, CRLs or OCSP answers. RSA signs with PKCS#1 v1.5, ECDSA with the hash that fits the curve.
/// Signing is safe from several threads: each signature has an OpenSSL context of its own over the one immutable key.
/// </summary>
internal sealed class SigningKey : IDisposable
{
    private readonly AsymmetricAlgorithm key;

    public SigningKey(AsymmetricAlgorithm key)
    {
        this.key = key;
        PublicKeyInfo = key.ExportSubjectPublicKeyInfo();
        Hash = key is ECDsa { KeySize: > 256 } ? HashAlgorithmName.SHA384 : HashAlgorithmName.SHA256;
        AlgorithmIdentifier = Generator.GetSignatureAlgorithmIdentifier(Hash);
    }

    /// <summary>DER of the signature's AlgorithmIdentifier.</summary>
    public byte[] AlgorithmIdentifier { get; }

    public HashAlgorithmName Hash { get; }

    public byte[] PublicKeyInfo { get; }

    /// <summary>For .NET's builders (the CRL's).</summary>
    public X509SignatureGenerator Generator => key switch
    {
        RSA rsa => X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1),
        ECDsa ecdsa => X509SignatureGenerator.CreateForECDsa(ecdsa),
        _ => throw new NotSupportedException($"{key.GetType()} does not sign."),
    };

    public byte[] Sign(ReadOnlySpan<byte> data) => key switch
    {
        RSA rsa => rsa.SignData(data, Hash, RSASignaturePadding.Pkcs1),
        ECDsa ecdsa => ecdsa.SignData(data, Hash, DSASignatureFormat.Rfc3279DerSequence),
        _ => throw new NotSupportedException($"{key.GetType()} does not sign."),
    };

    /// <summary>SEQUENCE { signed part, algorithm, signature }: the shape of certificates and of nearly all that is signed in X.509.</summary>
    public byte[] SignAndWrap(byte[] toBeSigned)
    {
        var signature = Sign(toBeSigned);
        var writer = new AsnWriter(AsnEncodingRules.DER, toBeSigned.Length + signature.Length + AlgorithmIdentifier.Length + 16);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(toBeSigned);
            writer.WriteEncodedValue(AlgorithmIdentifier);
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }

    /// <summary>PKCS#8 in the clear, to be sealed at once.</summary>
    public byte[] ExportPkcs8() => key.ExportPkcs8PrivateKey();

    public void Dispose() => key.Dispose();
}
