using System.Formats.Asn1;
using System.Security.Cryptography;

namespace StarPortal.Core.Authority;

/// <summary>RFC 6960 4.2.1: OCSPResponseStatus.</summary>
internal enum OcspStatus
{
    Successful = 0,
    MalformedRequest = 1,
    InternalError = 2,
    TryLater = 3,
    SigRequired = 5,
    Unauthorized = 6,
}

/// <summary>The answer to one question: good, revoked since then, or (null facts) unknown.</summary>
internal sealed record OcspSingle(OcspCertId CertId, bool IsKnown, DateTimeOffset? RevokedAt, RevocationReason? Reason);

/// <summary>OCSPResponse (RFC 6960 4.2.1).</summary>
internal static class OcspResponseWriter
{
    private const string BasicResponseOid = "1.3.6.1.5.5.7.48.1.1";

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Context2 = new(TagClass.ContextSpecific, 2);

    /// <summary>A refusal: a status and nothing signed.</summary>
    public static byte[] WriteError(OcspStatus status)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence()) writer.WriteEnumeratedValue(status);
        return writer.Encode();
    }

    public static byte[] Write(LoadedSigner signer, IEnumerable<OcspSingle> answers, byte[]? nonce, DateTimeOffset producedAt, DateTimeOffset nextUpdate)
    {
        var basic = WriteBasic(signer, WriteResponseData(signer, answers, nonce, producedAt, nextUpdate));
        var writer = new AsnWriter(AsnEncodingRules.DER, basic.Length + 64);
        using (writer.PushSequence())
        {
            writer.WriteEnumeratedValue(OcspStatus.Successful);
            using (writer.PushSequence(Context0))
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(BasicResponseOid);
                writer.WriteOctetString(basic);
            }
        }

        return writer.Encode();
    }

    private static byte[] WriteResponseData(LoadedSigner signer, IEnumerable<OcspSingle> answers, byte[]? nonce, DateTimeOffset producedAt, DateTimeOffset nextUpdate)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, 1024);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Context2)) writer.WriteOctetString(KeyHash(signer.Key.PublicKeyInfo)); // ResponderID byKey
            writer.WriteGeneralizedTime(producedAt, omitFractionalSeconds: true);
            using (writer.PushSequence())
            {
                foreach (var answer in answers) WriteSingle(writer, answer, producedAt, nextUpdate);
            }

            if (nonce is not null)
            {
                using (writer.PushSequence(Context1)) CertificateContent.WriteExtensions(writer, [new(OcspRequest.NonceOid, false, WrapOctets(nonce))]);
            }
        }

        return writer.Encode();
    }

    private static void WriteSingle(AsnWriter writer, OcspSingle answer, DateTimeOffset thisUpdate, DateTimeOffset nextUpdate)
    {
        using var single = writer.PushSequence();
        writer.WriteEncodedValue(answer.CertId.Encoded);
        if (!answer.IsKnown) writer.WriteNull(Context2);
        else if (answer.RevokedAt is { } revokedAt) WriteRevoked(writer, revokedAt, answer.Reason);
        else writer.WriteNull(Context0);
        writer.WriteGeneralizedTime(thisUpdate, omitFractionalSeconds: true);
        using (writer.PushSequence(Context0)) writer.WriteGeneralizedTime(nextUpdate, omitFractionalSeconds: true);
    }

    private static void WriteRevoked(AsnWriter writer, DateTimeOffset revokedAt, RevocationReason? reason)
    {
        using var revoked = writer.PushSequence(Context1);
        writer.WriteGeneralizedTime(revokedAt, omitFractionalSeconds: true);
        if (reason is null or RevocationReason.Unspecified) return;
        using (writer.PushSequence(Context0)) writer.WriteEnumeratedValue(reason.Value);
    }

    private static byte[] WriteBasic(LoadedSigner signer, byte[] responseData)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, responseData.Length + signer.Der.Length + 600);
        using (writer.PushSequence())
        {
            writer.WriteEncodedValue(responseData);
            writer.WriteEncodedValue(signer.Key.AlgorithmIdentifier);
            writer.WriteBitString(signer.Key.Sign(responseData));
            using (writer.PushSequence(Context0))
            using (writer.PushSequence()) writer.WriteEncodedValue(signer.Der);
        }

        return writer.Encode();
    }

    /// <summary>RFC 6960 4.2.1: KeyHash is the SHA-1 of the key's BIT STRING content, an identifier and no matter of security.</summary>
    private static byte[] KeyHash(byte[] publicKeyInfo)
    {
#pragma warning disable CA5350
        return SHA1.HashData(KeyBits(publicKeyInfo));
#pragma warning restore CA5350
    }

    internal static byte[] KeyBits(byte[] publicKeyInfo)
    {
        var info = new AsnReader(publicKeyInfo, AsnEncodingRules.DER).ReadSequence();
        info.ReadSequence();
        return info.ReadBitString(out _);
    }

    private static byte[] WrapOctets(byte[] octets)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        writer.WriteOctetString(octets);
        return writer.Encode();
    }
}
