using System.Formats.Asn1;
using System.Net;

namespace StarPortal.Core.Authority;

/// <summary>GeneralNames ::= SEQUENCE OF GeneralName (RFC 5280 4.2.1.6), as far as we certify them.</summary>
internal static class GeneralNames
{
    private static readonly Asn1Tag EmailTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag DnsTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);
    private static readonly Asn1Tag IpTag = new(TagClass.ContextSpecific, 7);

    public static byte[] Encode(IEnumerable<SubjectAlternativeName> names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var name in names) Write(writer, name);
        }

        return writer.Encode();
    }

    /// <returns>The names of the kinds that we certify, and how many of other kinds (otherName, directoryName, …) were left out.</returns>
    public static (IReadOnlyList<SubjectAlternativeName> Names, int Others) Decode(ReadOnlyMemory<byte> encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        List<SubjectAlternativeName> names = [];
        var others = 0;
        while (sequence.HasData)
        {
            if (TryRead(sequence) is { } name) names.Add(name);
            else others++;
        }

        return (names, others);
    }

    private static void Write(AsnWriter writer, SubjectAlternativeName name)
    {
        switch (name.Type)
        {
            case NameType.Dns:
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name.Value, DnsTag);
                break;
            case NameType.Email:
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name.Value, EmailTag);
                break;
            case NameType.Uri:
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name.Value, UriTag);
                break;
            case NameType.Ip:
                writer.WriteOctetString(IPAddress.Parse(name.Value).GetAddressBytes(), IpTag);
                break;
        }
    }

    private static SubjectAlternativeName? TryRead(AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag.HasSameClassAndValue(DnsTag)) return SubjectAlternativeName.Dns(reader.ReadCharacterString(UniversalTagNumber.IA5String, DnsTag).ToLowerInvariant());
        if (tag.HasSameClassAndValue(EmailTag)) return SubjectAlternativeName.Email(reader.ReadCharacterString(UniversalTagNumber.IA5String, EmailTag));
        if (tag.HasSameClassAndValue(UriTag)) return SubjectAlternativeName.Uri(reader.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
        if (tag.HasSameClassAndValue(IpTag))
        {
            var octets = reader.ReadOctetString(IpTag);
            return octets.Length is 4 or 16 ? SubjectAlternativeName.Ip(new IPAddress(octets).ToString()) : throw new AsnContentException("An IP address has 4 or 16 octets.");
        }

        reader.ReadEncodedValue();
        return null;
    }
}
