using System.Formats.Asn1;
using System.Security.Cryptography;

namespace StarPortal.Core.MyProxy;

/// <summary>The request that this server sends when a client stores a proxy (PUT): the genuine server's, field by field.</summary>
public static class ProxySigningRequest
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);

    /// <returns>PKCS#10, DER, for an RFC 3820 proxy that inherits all.</returns>
    public static byte[] Make(RSA key)
    {
        var info = WriteInfo(key);
        var writer = new AsnWriter(AsnEncodingRules.DER, 1024);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(info);
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.1.11"); // sha256WithRSAEncryption
                writer.WriteNull();
            }

            writer.WriteBitString(key.SignData(info, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }

        return writer.Encode();
    }

    private static byte[] WriteInfo(RSA key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, 512);
        using (writer.PushSequence())
        {
            writer.WriteInteger(0);
            WriteSubject(writer);
            writer.WriteEncodedValue(key.ExportSubjectPublicKeyInfo());
            using (writer.PushSetOf(Context0))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.113549.1.9.14"); // extensionRequest
                using (writer.PushSetOf())
                using (writer.PushSequence())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(ProxyCertInfo.Oid);
                    writer.WriteBoolean(true);
                    writer.WriteOctetString(new ProxyCertInfo(null, ProxyCertInfo.InheritAll).Encode());
                }
            }
        }

        return writer.Encode();
    }

    private static void WriteSubject(AsnWriter writer)
    {
        using var name = writer.PushSequence();
        using var rdn = writer.PushSetOf();
        using var attribute = writer.PushSequence();
        writer.WriteObjectIdentifier("2.5.4.3");
        writer.WriteCharacterString(UniversalTagNumber.PrintableString, "NULL SUBJECT NAME ENTRY");
    }
}
