using System.Formats.Asn1;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// What matters of a certificate in a grid chain: an end entity's, a CA's or a proxy's, of any make. Read with BER rules, since what is in use out there is verified by
/// OpenSSL and not always DER.
/// </summary>
internal sealed record GridCertificate
{
    private const string KeyUsageOid = "2.5.29.15";
    private const string ExtendedKeyUsageOid = "2.5.29.37";
    private const string BasicConstraintsOid = "2.5.29.19";
    private const string SubjectAlternativeNameOid = "2.5.29.17";
    private const string IssuerAlternativeNameOid = "2.5.29.18";
    private const int MaxExtensions = 100;

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Context2 = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag Context3 = new(TagClass.ContextSpecific, 3);

    /// <summary>The Name, octet by octet.</summary>
    public required ReadOnlyMemory<byte> Issuer { get; init; }

    /// <summary>The Name, octet by octet.</summary>
    public required ReadOnlyMemory<byte> Subject { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>OID of the algorithm that it is signed with.</summary>
    public required string SignatureAlgorithm { get; init; }

    /// <summary>Null when it has none, and then every use is allowed.</summary>
    public KeyUsageBits? KeyUsage { get; private set; }

    /// <summary>The extension as it stands, criticality and all; null when it has none.</summary>
    public ReadOnlyMemory<byte>? ExtendedKeyUsage { get; private set; }

    /// <summary>Null: not a proxy.</summary>
    public ProxyCertInfo? Proxy { get; private set; }

    /// <summary>A proxy of the draft before RFC 3820.</summary>
    public bool IsDraftProxy { get; private set; }

    public bool IsAuthority { get; private set; }

    public bool HasAlternativeName { get; private set; }

    /// <exception cref="AsnContentException">Not a certificate.</exception>
    public static GridCertificate Read(ReadOnlyMemory<byte> encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.BER);
        var certificate = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var body = certificate.ReadSequence();
        if (body.PeekTag().HasSameClassAndValue(Context0)) body.ReadEncodedValue();
        body.ReadIntegerBytes();
        var algorithm = body.ReadSequence().ReadObjectIdentifier();
        var issuer = body.ReadEncodedValue();
        var validity = body.ReadSequence();
        var read = new GridCertificate
        {
            SignatureAlgorithm = algorithm, Issuer = issuer, NotBefore = ReadTime(validity), NotAfter = ReadTime(validity), Subject = body.ReadEncodedValue(),
        };

        body.ReadSequence(); // the key
        if (body.HasData && body.PeekTag().HasSameClassAndValue(Context1)) body.ReadEncodedValue();
        if (body.HasData && body.PeekTag().HasSameClassAndValue(Context2)) body.ReadEncodedValue();
        if (body.HasData) read.ReadExtensions(body.ReadSequence(Context3).ReadSequence());
        return read;
    }

    private void ReadExtensions(AsnReader extensions)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (extensions.HasData)
        {
            var encoded = extensions.PeekEncodedValue();
            var extension = extensions.ReadSequence();
            var oid = extension.ReadObjectIdentifier();
            if (!seen.Add(oid) || seen.Count > MaxExtensions) throw new AsnContentException("An extension twice (RFC 5280 4.2), or too many.");
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean)) extension.ReadBoolean();
            Take(oid, extension.ReadOctetString(), encoded);
        }
    }

    private void Take(string oid, byte[] value, ReadOnlyMemory<byte> encoded)
    {
        switch (oid)
        {
            case KeyUsageOid: KeyUsage = KeyUsageBits.Decode(value); break;
            case ExtendedKeyUsageOid: ExtendedKeyUsage = encoded; break;
            case ProxyCertInfo.Oid: Proxy = ProxyCertInfo.Decode(value); break;
            case ProxyCertInfo.DraftOid: IsDraftProxy = true; break;
            case BasicConstraintsOid: IsAuthority = ReadIsAuthority(value); break;
            case SubjectAlternativeNameOid or IssuerAlternativeNameOid: HasAlternativeName = true; break;
        }
    }

    private static bool ReadIsAuthority(byte[] value)
    {
        var constraints = new AsnReader(value, AsnEncodingRules.BER).ReadSequence();
        return constraints.HasData && constraints.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && constraints.ReadBoolean();
    }

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime(2049) : reader.ReadGeneralizedTime();
}
