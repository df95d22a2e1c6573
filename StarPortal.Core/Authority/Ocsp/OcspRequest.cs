using System.Formats.Asn1;

namespace StarPortal.Core.Authority;

/// <summary>One question: is this certificate of this issuer good?</summary>
/// <param name="Encoded">The CertID as it was sent, to be echoed.</param>
/// <param name="HashOid">What both hashes were made with.</param>
/// <param name="IssuerNameHash">Of the DER of the issuer's name.</param>
/// <param name="IssuerKeyHash">Of the content of the issuer's key BIT STRING.</param>
/// <param name="SerialNumber">Null when it is not one that we could have given out.</param>
internal sealed record OcspCertId(byte[] Encoded, string HashOid, byte[] IssuerNameHash, byte[] IssuerKeyHash, SerialNumber? SerialNumber);

/// <summary>OCSPRequest (RFC 6960 4.1.1). A signature of the asker is not looked at: answers are for everybody.</summary>
internal sealed record OcspRequest(IReadOnlyList<OcspCertId> CertIds, byte[]? Nonce)
{
    /// <summary>A page's worth; the database is asked for all of them at once.</summary>
    public const int MaxCertIds = 20;

    public const string NonceOid = "1.3.6.1.5.5.7.48.1.2";

    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Context1 = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag Context2 = new(TagClass.ContextSpecific, 2);

    /// <exception cref="AsnContentException">Not an OCSP request, or one that asks for more than we answer: malformedRequest.</exception>
    public static OcspRequest Read(ReadOnlyMemory<byte> encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.DER);
        var request = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        var body = request.ReadSequence();
        if (request.HasData) request.ReadSequence(Context0); // optionalSignature
        request.ThrowIfNotEmpty();

        if (body.PeekTag().HasSameClassAndValue(Context0) && (!body.ReadSequence(Context0).TryReadInt32(out var version) || version != 0))
            throw new AsnContentException("Only version 1 exists.");
        if (body.PeekTag().HasSameClassAndValue(Context1)) body.ReadSequence(Context1); // requestorName
        var certIds = ReadList(body.ReadSequence());
        var nonce = body.HasData ? ReadNonce(body.ReadSequence(Context2).ReadSequence()) : null;
        body.ThrowIfNotEmpty();
        return new OcspRequest(certIds, nonce);
    }

    private static List<OcspCertId> ReadList(AsnReader list)
    {
        List<OcspCertId> certIds = [];
        while (list.HasData)
        {
            if (certIds.Count == MaxCertIds) throw new AsnContentException($"More than {MaxCertIds} questions.");
            var single = list.ReadSequence();
            certIds.Add(ReadCertId(single.ReadEncodedValue()));
            if (single.HasData) RequireNoCritical(CertificateReader.ReadExtensions(single.ReadSequence(Context0).ReadSequence()));
            single.ThrowIfNotEmpty();
        }

        return certIds.Count > 0 ? certIds : throw new AsnContentException("No question.");
    }

    private static OcspCertId ReadCertId(ReadOnlyMemory<byte> encoded)
    {
        var certId = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence();
        var hash = certId.ReadSequence().ReadObjectIdentifier();
        var (nameHash, keyHash) = (certId.ReadOctetString(), certId.ReadOctetString());
        var isOurs = SerialNumber.TryFromInteger(certId.ReadIntegerBytes().Span, out var serial);
        certId.ThrowIfNotEmpty();
        return new OcspCertId(encoded.ToArray(), hash, nameHash, keyHash, isOurs ? serial : null);
    }

    /// <summary>RFC 8954 2.1: a nonce of no octets or of more than 32 makes the request malformed.</summary>
    private static byte[]? ReadNonce(AsnReader sequence)
    {
        var extensions = CertificateReader.ReadExtensions(sequence);
        RequireNoCritical(extensions.Where(extension => extension.Oid != NonceOid));
        if (extensions.SingleOrDefault(extension => extension.Oid == NonceOid) is not { } nonce) return null;
        var octets = new AsnReader(nonce.Value, AsnEncodingRules.DER).ReadOctetString();
        return octets.Length is > 0 and <= 32 ? octets : throw new AsnContentException("A nonce has 1 to 32 octets.");
    }

    private static void RequireNoCritical(IEnumerable<CertificateExtension> extensions)
    {
        if (extensions.Any(extension => extension.Critical)) throw new AsnContentException("A critical extension that we do not know.");
    }
}
