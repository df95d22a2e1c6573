using System.Formats.Asn1;

namespace StarPortal.Core.MyProxy;

/// <summary>One attribute of a Name, as its octets stand there.</summary>
/// <param name="StartsRdn">False for the second and further attributes of one RDN.</param>
/// <param name="Value">Content octets.</param>
internal readonly record struct RawAttribute(bool StartsRdn, string Oid, Asn1Tag Tag, ReadOnlyMemory<byte> Value);

/// <summary>
/// A Name of any CA, by its octets. Grid CAs have put into PrintableString what may not stand there, and their names are compared octet by octet: nothing is decoded
/// here that need not be.
/// </summary>
internal static class RawName
{
    private const string CommonName = "2.5.4.3";
    private const int MaxAttributes = 50;

    /// <exception cref="AsnContentException">Not a Name.</exception>
    public static List<RawAttribute> Read(ReadOnlyMemory<byte> der)
    {
        List<RawAttribute> attributes = [];
        foreach (var rdn in ReadRdns(der))
        {
            var set = new AsnReader(rdn, AsnEncodingRules.BER).ReadSetOf();
            for (var first = true; first || set.HasData; first = false)
            {
                if (attributes.Count == MaxAttributes) throw new AsnContentException($"A name with more than {MaxAttributes} attributes.");
                attributes.Add(ReadAttribute(set.ReadSequence(), first));
            }
        }

        return attributes;
    }

    /// <summary>Whether <paramref name="name"/> is <paramref name="parent"/> and one common name behind it (RFC 3820 3.4).</summary>
    public static bool IsOneCommonNameBelow(ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> parent)
    {
        var (own, above) = (ReadRdns(name), ReadRdns(parent));
        if (own.Count != above.Count + 1) return false;
        for (var index = 0; index < above.Count; index++)
        {
            if (!own[index].Span.SequenceEqual(above[index].Span)) return false;
        }

        var last = new AsnReader(own[^1], AsnEncodingRules.BER).ReadSetOf();
        return last.ReadSequence().ReadObjectIdentifier() == CommonName && !last.HasData;
    }

    /// <summary>Writes <paramref name="parent"/>'s RDNs verbatim and a common name of digits behind them, as PrintableString.</summary>
    public static void WriteBelow(AsnWriter writer, ReadOnlyMemory<byte> parent, string digits)
    {
        using var name = writer.PushSequence();
        foreach (var rdn in ReadRdns(parent)) writer.WriteEncodedValue(rdn.Span);
        using (writer.PushSetOf())
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(CommonName);
            writer.WriteCharacterString(UniversalTagNumber.PrintableString, digits);
        }
    }

    private static List<ReadOnlyMemory<byte>> ReadRdns(ReadOnlyMemory<byte> der)
    {
        var reader = new AsnReader(der, AsnEncodingRules.BER);
        var sequence = reader.ReadSequence();
        reader.ThrowIfNotEmpty();
        List<ReadOnlyMemory<byte>> rdns = [];
        while (sequence.HasData)
        {
            if (rdns.Count == MaxAttributes) throw new AsnContentException($"A name with more than {MaxAttributes} parts.");
            rdns.Add(sequence.ReadEncodedValue());
        }

        return rdns;
    }

    private static RawAttribute ReadAttribute(AsnReader reader, bool first)
    {
        var oid = reader.ReadObjectIdentifier();
        var (tag, value) = (reader.PeekTag(), reader.PeekContentBytes());
        reader.ReadEncodedValue();
        reader.ThrowIfNotEmpty();
        return new RawAttribute(first, oid, tag, value);
    }
}
