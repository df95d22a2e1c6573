using System.Formats.Asn1;

namespace StarPortal.Core.Authority;

/// <summary>Everything that a certificate says (TBSCertificate, RFC 5280 4.1), and the one place that writes it.</summary>
internal sealed record CertificateContent
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context3 = new(TagClass.ContextSpecific, 3);

    public required SerialNumber SerialNumber { get; init; }

    /// <summary>DER of the issuer's subject.</summary>
    public required byte[] Issuer { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>DER.</summary>
    public required byte[] Subject { get; init; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public required byte[] PublicKeyInfo { get; init; }

    public required IReadOnlyList<CertificateExtension> Extensions { get; init; }

    /// <summary>The TBSCertificate for a key that signs with this algorithm: what a renewal changes is serial number and validity.</summary>
    public byte[] WriteToBeSigned(byte[] algorithmIdentifier)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER, 2048);
        using (writer.PushSequence())
        {
            using (writer.PushSequence(Context0)) writer.WriteInteger(2); // version 3
            writer.WriteIntegerUnsigned(SerialNumber.ToBytes().AsSpan().TrimStart((byte)0));
            writer.WriteEncodedValue(algorithmIdentifier);
            writer.WriteEncodedValue(Issuer);
            using (writer.PushSequence())
            {
                WriteTime(writer, NotBefore);
                WriteTime(writer, NotAfter);
            }

            writer.WriteEncodedValue(Subject);
            writer.WriteEncodedValue(PublicKeyInfo);
            using (writer.PushSequence(Context3)) WriteExtensions(writer, Extensions);
        }

        return writer.Encode();
    }

    public byte[] Sign(SigningKey key) => key.SignAndWrap(WriteToBeSigned(key.AlgorithmIdentifier));

    internal static void WriteExtensions(AsnWriter writer, IEnumerable<CertificateExtension> extensions)
    {
        using var sequence = writer.PushSequence();
        foreach (var (oid, critical, value) in extensions)
        {
            using var extension = writer.PushSequence();
            writer.WriteObjectIdentifier(oid);
            if (critical) writer.WriteBoolean(true);
            writer.WriteOctetString(value);
        }
    }

    /// <summary>RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on.</summary>
    internal static void WriteTime(AsnWriter writer, DateTimeOffset time)
    {
        if (time.Year < 2050) writer.WriteUtcTime(time, 2049);
        else writer.WriteGeneralizedTime(time, omitFractionalSeconds: true);
    }
}
