using System.Formats.Asn1;

namespace StarPortal.Core.Authority;

/// <summary>A certificate taken apart, as far as its text and its lint need it. Reads strict DER, so that a parse is a check as well.</summary>
internal sealed record ReadCertificate
{
    public required int Version { get; init; }

    /// <summary>Content octets of the INTEGER.</summary>
    public required byte[] SerialNumber { get; init; }

    public required string SignatureAlgorithm { get; init; }

    public required DistinguishedName Issuer { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required DistinguishedName Subject { get; init; }

    public required byte[] PublicKeyInfo { get; init; }

    public required IReadOnlyList<CertificateExtension> Extensions { get; init; }

    public CertificateExtension? Find(string oid) => Extensions.FirstOrDefault(extension => extension.Oid == oid);
}

internal static class CertificateReader
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context3 = new(TagClass.ContextSpecific, 3);

    /// <returns>The certificate and its signature.</returns>
    /// <exception cref="AsnContentException">Not a certificate.</exception>
    public static (ReadCertificate Certificate, byte[] Signature) Read(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var certificate = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var read = ReadToBeSigned(certificate.ReadEncodedValue());
        var algorithm = certificate.ReadSequence().ReadObjectIdentifier();
        if (algorithm != read.SignatureAlgorithm) throw new AsnContentException("The two signature algorithms differ (RFC 5280 4.1.1.2).");
        var signature = certificate.ReadBitString(out _);
        certificate.ThrowIfNotEmpty();
        return (read, signature);
    }

    /// <exception cref="AsnContentException">Not a TBSCertificate.</exception>
    public static ReadCertificate ReadToBeSigned(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.DER);
        var body = reader.ReadSequence();
        reader.ThrowIfNotEmpty();

        var version = 1;
        if (body.PeekTag().HasSameClassAndValue(Context0)) version = body.ReadSequence(Context0).TryReadInt32(out var encoded) ? encoded + 1 : 0;
        var serial = body.ReadIntegerBytes().ToArray();
        var algorithm = body.ReadSequence().ReadObjectIdentifier();
        var issuer = DistinguishedName.Decode(body.ReadEncodedValue());
        var validity = body.ReadSequence();
        var (notBefore, notAfter) = (ReadTime(validity), ReadTime(validity));
        validity.ThrowIfNotEmpty();
        var subject = DistinguishedName.Decode(body.ReadEncodedValue());
        var key = body.ReadEncodedValue().ToArray();
        var extensions = body.HasData ? ReadExtensions(body.ReadSequence(Context3).ReadSequence()) : [];
        body.ThrowIfNotEmpty();

        return new ReadCertificate
        {
            Version = version, SerialNumber = serial, SignatureAlgorithm = algorithm, Issuer = issuer, NotBefore = notBefore, NotAfter = notAfter,
            Subject = subject, PublicKeyInfo = key, Extensions = extensions,
        };
    }

    public static List<CertificateExtension> ReadExtensions(AsnReader sequence)
    {
        List<CertificateExtension> extensions = [];
        while (sequence.HasData)
        {
            var extension = sequence.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            var critical = extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && extension.ReadBoolean();
            extensions.Add(new CertificateExtension(oid, critical, extension.ReadOctetString()));
            extension.ThrowIfNotEmpty();
        }

        return extensions;
    }

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime(2049) : reader.ReadGeneralizedTime();
}
