using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;

namespace StarPortal.Core.MyProxy;

/// <summary>A CA as it was found in a trust directory.</summary>
/// <param name="Name">Of the certificate's file.</param>
/// <param name="Anchor">Null: it could not be read.</param>
/// <param name="CrlEnds">The CRL's nextUpdate; null: it has none, or there is no CRL.</param>
/// <param name="Problem">Why it could not be read.</param>
internal sealed record TrustDirectoryEntry(string Name, TrustAnchor? Anchor, DateTimeOffset? CrlEnds, string? Problem)
{
    /// <exception cref="AsnContentException">One of them is not what it should be.</exception>
    public static TrustDirectoryEntry Of(string name, byte[] certificate, byte[] signingPolicy, byte[]? crl)
    {
        var der = Decode(certificate, "CERTIFICATE");
        var read = GridCertificate.Read(der);
        var (hash, subject) = (CanonicalName.HashOf(read.Subject), OneLineName.Of(read.Subject));
        if (!read.IsAuthority) return Bad(name, "the certificate is not a CA's");
        if (!name.StartsWith(hash, StringComparison.Ordinal)) return Bad(name, $"the certificate's subject hash is {hash}");
        if (!SigningPolicy.Parse(Encoding.Latin1.GetString(signingPolicy)).Any(policy => policy.Authority == subject)) return Bad(name, $"its signing policy is not for {subject}");

        var list = crl is null ? null : Decode(crl, "X509 CRL");
        var (issuer, ends) = list is null ? (read.Subject, null) : ReadCrl(list);
        if (!issuer.Span.SequenceEqual(read.Subject.Span)) return Bad(name, "its CRL is of another CA");
        return new TrustDirectoryEntry(name, new TrustAnchor(hash, der, signingPolicy, list), ends, null);
    }

    /// <returns>Null: it serves.</returns>
    public string? FindProblem(DateTimeOffset now) => Problem is not null ? $"{Name}: {Problem}" : CrlEnds <= now ? $"{Name}: its CRL ended on {CrlEnds:yyyy-MM-dd HH:mm} UTC" : null;

    private static TrustDirectoryEntry Bad(string name, string problem) => new(name, null, null, problem);

    /// <summary>PEM, with any text around it, or DER.</summary>
    private static byte[] Decode(byte[] content, string label)
    {
        if (content is [0x30, ..]) return content;
        var text = Encoding.Latin1.GetString(content);
        for (var rest = text.AsSpan(); PemEncoding.TryFind(rest, out var fields); rest = rest[fields.Location.End..])
        {
            if (rest[fields.Label].SequenceEqual(label)) return Convert.FromBase64String(rest[fields.Base64Data].ToString());
        }

        throw new AsnContentException($"There is no {label} in the file.");
    }

    /// <summary>RFC 5280 5.1: the issuer, and nextUpdate if there is one.</summary>
    private static (ReadOnlyMemory<byte> Issuer, DateTimeOffset? Ends) ReadCrl(byte[] der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.BER);
        var body = reader.ReadSequence().ReadSequence();
        if (body.PeekTag().HasSameClassAndValue(Asn1Tag.Integer)) body.ReadIntegerBytes();
        body.ReadSequence(); // signature
        var issuer = body.ReadEncodedValue();
        ReadTime(body);
        return (issuer, body.HasData && IsTime(body.PeekTag()) ? ReadTime(body) : null);
    }

    private static bool IsTime(Asn1Tag tag) => tag.HasSameClassAndValue(Asn1Tag.UtcTime) || tag.HasSameClassAndValue(Asn1Tag.GeneralizedTime);

    private static DateTimeOffset ReadTime(AsnReader reader) =>
        reader.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? reader.ReadUtcTime(2049) : reader.ReadGeneralizedTime();
}
