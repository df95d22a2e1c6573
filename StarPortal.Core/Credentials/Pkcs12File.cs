using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace StarPortal.Core.Credentials;

/// <summary>Writes PKCS#12 (RFC 7292) in one of two flavours. Both were read by OpenSSL, GnuTLS and NSS in the tests.</summary>
public static class Pkcs12File
{
    private const string FriendlyNameOid = "1.2.840.113549.1.9.20";

    /// <summary>What <c>openssl pkcs12 -legacy</c> writes; some of the old readers stop at a few thousand.</summary>
    private const int LegacyIterations = 2048;

    /// <param name="key">The private key of <paramref name="certificate"/>.</param>
    /// <param name="certificate">The person's certificate.</param>
    /// <param name="chain">Issuing CA first; the root may be among them.</param>
    /// <param name="passphrase">Protects key, certificates and integrity alike.</param>
    /// <param name="friendlyName">What the importing program shows.</param>
    /// <param name="legacy">3DES and SHA-1 instead of AES-256 and SHA-256.</param>
    /// <param name="iterations">Key derivation rounds of the modern flavour.</param>
    public static byte[] Write(
        AsymmetricAlgorithm key, X509Certificate2 certificate, IEnumerable<X509Certificate2> chain, string passphrase, string friendlyName, bool legacy, int iterations)
    {
        var protection = legacy
            ? new PbeParameters(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, LegacyIterations)
            : new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterations);
        var keyId = new Pkcs9LocalKeyId(SHA256.HashData(certificate.RawDataMemory.Span));

        var keys = new Pkcs12SafeContents();
        Describe(keys.AddShroudedKey(key, passphrase, protection), keyId, friendlyName);
        var certificates = new Pkcs12SafeContents();
        Describe(certificates.AddCertificate(certificate), keyId, friendlyName);
        foreach (var issuer in chain) certificates.AddCertificate(issuer);

        var file = new Pkcs12Builder();
        file.AddSafeContentsEncrypted(certificates, passphrase, protection);
        file.AddSafeContentsUnencrypted(keys);
        file.SealWithMac(passphrase, protection.HashAlgorithm, protection.IterationCount);
        return file.Encode();
    }

    /// <summary>The same local key id on both is how importers pair key and certificate.</summary>
    private static void Describe(Pkcs12SafeBag bag, Pkcs9LocalKeyId keyId, string friendlyName)
    {
        bag.Attributes.Add(keyId);
        var name = new AsnWriter(AsnEncodingRules.DER);
        name.WriteCharacterString(UniversalTagNumber.BMPString, friendlyName);
        bag.Attributes.Add(new AsnEncodedData(FriendlyNameOid, name.Encode()));
    }
}
