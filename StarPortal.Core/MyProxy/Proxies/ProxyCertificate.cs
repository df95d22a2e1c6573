using System.Buffers.Binary;
using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using StarPortal.Core.Authority;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Signs RFC 3820 proxies, octet by octet as the genuine server's. Hot: one at each logon, so that it is written by hand (benchmark: <c>proxy</c>); all but the signature and
/// the check of the request's take a few hundredths of a millisecond.
/// </summary>
public static class ProxyCertificate
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context3 = new(TagClass.ContextSpecific, 3);

    /// <summary>A proxy for the key of this request.</summary>
    /// <param name="signer">Its first certificate signs, and its key is that certificate's.</param>
    /// <param name="asked">What the client asks for; null: as long as is allowed.</param>
    /// <param name="serverMax">The server's own cap; null: none.</param>
    /// <param name="clientIsLimited">A client that shows a limited proxy gets a limited one.</param>
    /// <returns>DER.</returns>
    /// <exception cref="ServiceException">Invalid: the request or the credential does not serve; the message says why.</exception>
    public static byte[] Issue(
        UnlockedCredential signer, ReadOnlySpan<byte> signingRequestDer, TimeSpan? asked, TimeSpan? serverMax, bool clientIsLimited, DateTimeOffset now)
    {
        var request = ProxyRequest.Read(signingRequestDer);
        var above = ProxySigner.Of(signer.Chain, now);
        var isLimited = clientIsLimited || above.IsLimited || request.Asked is { IsLimited: true };
        var info = new ProxyCertInfo(request.Asked?.PathLength, isLimited ? ProxyCertInfo.Limited : ProxyCertInfo.InheritAll);
        var notAfter = ProxyLifetime.EndOf(now, above.EndsAt, asked, signer.MaxLifetime, serverMax);
        var hash = SignatureAlgorithms.HashOf(above.Certificate.SignatureAlgorithm);
        var algorithm = WriteAlgorithm(signer.Key, hash);
        return Wrap(WriteToBeSigned(above.Certificate, request.Key.Encoded, info, now - ProxyLifetime.Backdate, notAfter, algorithm), algorithm, signer.Key, hash);
    }

    /// <summary>31 bits of the key's SHA-1, the lowest octet first: the same key always has the same number.</summary>
    internal static int SerialOf(ReadOnlySpan<byte> publicKeyInfo)
    {
        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // A number, not a matter of security: the signature covers the key itself.
        SHA1.HashData(publicKeyInfo, digest);
#pragma warning restore CA5350
        digest[3] >>= 1;
        return BinaryPrimitives.ReadInt32LittleEndian(digest);
    }

    private static byte[] WriteToBeSigned(GridCertificate signer, byte[] publicKeyInfo, ProxyCertInfo info, DateTimeOffset notBefore, DateTimeOffset notAfter, byte[] algorithm)
    {
        var serial = SerialOf(publicKeyInfo);
        var writer = new AsnWriter(AsnEncodingRules.BER, 2048); // What is copied verbatim need not be DER; what we write is.
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Context0)) writer.WriteInteger(2); // version 3
            writer.WriteInteger(serial);
            writer.WriteEncodedValue(algorithm);
            writer.WriteEncodedValue(signer.Subject.Span); // RFC 3820 3.1
            using (writer.PushSequence())
            {
                CertificateContent.WriteTime(writer, notBefore);
                CertificateContent.WriteTime(writer, notAfter);
            }

            RawName.WriteBelow(writer, signer.Subject, serial.ToString(CultureInfo.InvariantCulture)); // RFC 3820 3.4
            writer.WriteEncodedValue(publicKeyInfo);
            using (writer.PushSequence(Context3))
            using (writer.PushSequence()) WriteExtensions(writer, signer, info);
        }

        return writer.Encode();
    }

    /// <summary>RFC 3820 3.6 and 3.8. No subjectAltName (3.5), no basicConstraints (3.7 forbids only a CA's).</summary>
    private static void WriteExtensions(AsnWriter writer, GridCertificate signer, ProxyCertInfo info)
    {
        if (signer.ExtendedKeyUsage is { } extendedKeyUsage) writer.WriteEncodedValue(extendedKeyUsage.Span);
        if (signer.KeyUsage is { } keyUsage) WriteCritical(writer, "2.5.29.15", keyUsage.ForProxy.Encode());
        WriteCritical(writer, ProxyCertInfo.Oid, info.Encode());
    }

    private static void WriteCritical(AsnWriter writer, string oid, byte[] value)
    {
        using var extension = writer.PushSequence();
        writer.WriteObjectIdentifier(oid);
        writer.WriteBoolean(true);
        writer.WriteOctetString(value);
    }

    private static byte[] WriteAlgorithm(AsymmetricAlgorithm key, HashAlgorithmName hash)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, 16);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(SignatureAlgorithms.OidOf(key is RSA ? KeyKind.Rsa : KeyKind.Ec, hash));
            if (key is RSA) writer.WriteNull(); // RFC 4055 5; RFC 5758 3.2 has none for ECDSA.
        }

        return writer.Encode();
    }

    private static byte[] Wrap(byte[] toBeSigned, byte[] algorithm, AsymmetricAlgorithm key, HashAlgorithmName hash)
    {
        var signature = key switch
        {
            RSA rsa => rsa.SignData(toBeSigned, hash, RSASignaturePadding.Pkcs1),
            ECDsa ecdsa => ecdsa.SignData(toBeSigned, hash, DSASignatureFormat.Rfc3279DerSequence),
            _ => throw new NotSupportedException($"{key.GetType()} does not sign."),
        };
        var writer = new AsnWriter(AsnEncodingRules.BER, toBeSigned.Length + signature.Length + 64);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(toBeSigned);
            writer.WriteEncodedValue(algorithm);
            writer.WriteBitString(signature);
        }

        return writer.Encode();
    }
}
