using System.Formats.Asn1;

namespace StarPortal.Core.Authority;

/// <summary>Name ::= SEQUENCE OF SET OF AttributeTypeAndValue (RFC 5280 4.1.2.4).</summary>
internal static class DistinguishedNameCodec
{
    /// <summary>More than any name needs; a foreign request with more is refused.</summary>
    private const int MaxAttributes = 50;

    public static byte[] Encode(IReadOnlyList<NamePart> attributes)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var (type, value) in attributes)
            {
                using (writer.PushSetOf())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier(type.Oid);
                    writer.WriteCharacterString(type.TagFor(value), value);
                }
            }
        }

        return writer.Encode();
    }

    public static IReadOnlyList<NamePart> Decode(ReadOnlyMemory<byte> encoded)
    {
        var reader = new AsnReader(encoded, AsnEncodingRules.DER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();

        List<NamePart> attributes = [];
        while (sequence.HasData)
        {
            // BER order within the set: foreign encoders do not always sort it.
            var set = sequence.ReadSetOf(skipSortOrderValidation: true);
            for (var first = true; set.HasData; first = false)
            {
                attributes.Add(ReadAttribute(set.ReadSequence()) with { StartsRdn = first });
                if (attributes.Count > MaxAttributes) throw new AsnContentException($"A name with more than {MaxAttributes} attributes.");
            }
        }

        return attributes;
    }

    private static NamePart ReadAttribute(AsnReader reader)
    {
        var type = NameAttributeType.ByOid(reader.ReadObjectIdentifier());
        var value = ReadValue(reader);
        reader.ThrowIfNotEmpty();
        return new NamePart(type, value);
    }

    private static string ReadValue(AsnReader reader)
    {
        var tag = reader.PeekTag();
        return tag.TagClass is TagClass.Universal && (UniversalTagNumber)tag.TagValue is
            UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String or UniversalTagNumber.BMPString
            or UniversalTagNumber.T61String or UniversalTagNumber.NumericString or UniversalTagNumber.VisibleString
            ? reader.ReadCharacterString((UniversalTagNumber)tag.TagValue)
            : "#" + Convert.ToHexStringLower(reader.ReadEncodedValue().Span);
    }
}
