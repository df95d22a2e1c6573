using System.Formats.Asn1;

namespace StarPortal.Core.Delegation;

/// <summary>
/// All that a PKCS#10 request asks for (RFC 2986 4.1), kept apart from what an authority takes of it: a template refuses what it does not name, so
/// nothing may be overlooked here.
/// </summary>
internal sealed class CsrContent
{
    private const string ExtensionRequest = "1.2.840.113549.1.9.14";

    private readonly List<SubjectAttribute> subject = [];
    private readonly List<RequestedExtension> extensions = [];
    private readonly List<string> otherAttributes = [];

    private CsrContent()
    {
    }

    public IReadOnlyList<SubjectAttribute> Subject => subject;

    /// <summary>Every RDN of the subject has one attribute.</summary>
    public bool IsFlat { get; private set; } = true;

    public IReadOnlyList<RequestedExtension> Extensions => extensions;

    /// <summary>RFC 2985 5.4.2: extensionRequest is SINGLE VALUE, and an attribute type stands once.</summary>
    public int ExtensionRequests { get; private set; }

    /// <summary>OIDs of the attributes that are not extensionRequest.</summary>
    public IReadOnlyList<string> OtherAttributes => otherAttributes;

    /// <param name="encoded">DER.</param>
    /// <exception cref="AsnContentException">Not such a request.</exception>
    public static CsrContent Read(ReadOnlyMemory<byte> encoded)
    {
        var info = new AsnReader(encoded, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        info.ReadInteger();
        var content = new CsrContent();
        content.ReadSubject(info.ReadSequence());
        info.ReadSequence(); // SubjectPublicKeyInfo
        if (info.HasData) content.ReadAttributes(info.ReadSetOf(skipSortOrderValidation: true, new Asn1Tag(TagClass.ContextSpecific, 0)));
        info.ThrowIfNotEmpty();
        return content;
    }

    private void ReadSubject(AsnReader name)
    {
        while (name.HasData)
        {
            var before = subject.Count;
            for (var set = name.ReadSetOf(skipSortOrderValidation: true); set.HasData;) subject.Add(ReadAttribute(set.ReadSequence()));
            IsFlat &= subject.Count == before + 1;
        }
    }

    private static SubjectAttribute ReadAttribute(AsnReader attribute)
    {
        var type = attribute.ReadObjectIdentifier();
        var value = ReadText(attribute);
        attribute.ThrowIfNotEmpty();
        return new(type, value);
    }

    /// <summary>RFC 5280 4.1.2.4: new values are PrintableString or UTF8String; IA5String is for e-mail addresses.</summary>
    private static string? ReadText(AsnReader reader)
    {
        var tag = reader.PeekTag();
        if (tag.TagClass is TagClass.Universal && (UniversalTagNumber)tag.TagValue is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String)
            return reader.ReadCharacterString((UniversalTagNumber)tag.TagValue);
        reader.ReadEncodedValue();
        return null;
    }

    private void ReadAttributes(AsnReader attributes)
    {
        while (attributes.HasData)
        {
            var attribute = attributes.ReadSequence();
            var type = attribute.ReadObjectIdentifier();
            var values = attribute.ReadSetOf(skipSortOrderValidation: true);
            attribute.ThrowIfNotEmpty();
            if (type == ExtensionRequest) ReadExtensions(values);
            else otherAttributes.Add(type);
        }
    }

    private void ReadExtensions(AsnReader values)
    {
        ExtensionRequests++;
        var sequence = values.ReadSequence();
        values.ThrowIfNotEmpty();
        while (sequence.HasData)
        {
            var extension = sequence.ReadSequence();
            var type = extension.ReadObjectIdentifier();
            if (extension.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean)) extension.ReadBoolean(); // Critical or not is the issuer's to say.
            extensions.Add(new(type, extension.ReadOctetString()));
            extension.ThrowIfNotEmpty();
        }
    }
}

/// <param name="Value">Null when it is not written as a string that a certificate may have.</param>
internal sealed record SubjectAttribute(string Oid, string? Value);

internal sealed record RequestedExtension(string Oid, ReadOnlyMemory<byte> Value);
