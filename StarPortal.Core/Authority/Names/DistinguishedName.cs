using System.Formats.Asn1;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// A distinguished name: its attributes from the root of the tree down, and its DER. Two names are equal when their DER is.
/// The text form is <c>DC=org, DC=starportal, O=…, CN=…</c>: RFC 4514 escapes, but the root first, as people read it.
/// </summary>
public sealed class DistinguishedName : IEquatable<DistinguishedName>
{
    /// <summary>No attributes: for certificates whose names are all in the subjectAltName extension.</summary>
    public static readonly DistinguishedName Empty = Of([]);

    private DistinguishedName(IReadOnlyList<NamePart> attributes, byte[] encoded) => (Attributes, Encoded) = (attributes, encoded);

    /// <summary>Root first.</summary>
    public IReadOnlyList<NamePart> Attributes { get; }

    /// <summary>DER of the Name.</summary>
    public byte[] Encoded { get; }

    public bool IsEmpty => Attributes.Count == 0;

    /// <summary>The innermost common name, or null.</summary>
    public string? CommonName => Attributes.LastOrDefault(attribute => attribute.Type.ShortName == "CN")?.Value;

    /// <summary>Writes the DER of attributes given root first.</summary>
    /// <exception cref="ServiceException">Invalid: a value is empty, too long or cannot be written in the attribute's string type.</exception>
    public static DistinguishedName Of(IEnumerable<NamePart> attributes)
    {
        NamePart[] list = [.. attributes];
        foreach (var attribute in list) Require(attribute);
        return new DistinguishedName(list, DistinguishedNameCodec.Encode(list));
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="ServiceException">Invalid: not a name in our text form.</exception>
    public static DistinguishedName Parse(string text) => Of(DistinguishedNameText.Read(text));

    /// <summary>Reads the DER of a Name, of any origin; keeps it as it is.</summary>
    /// <exception cref="AsnContentException">Not a Name.</exception>
    public static DistinguishedName Decode(ReadOnlyMemory<byte> encoded) =>
        new(DistinguishedNameCodec.Decode(encoded), encoded.ToArray());

    public override string ToString() => DistinguishedNameText.Write(Attributes);

    /// <summary>The form that grid tools compare: <c>/DC=org/DC=starportal/O=…/CN=…</c> (OpenSSL's X509_NAME_oneline).</summary>
    public string ToOneLine() => DistinguishedNameText.WriteOneLine(Attributes);

    public bool Equals(DistinguishedName? other) => other is not null && Encoded.AsSpan().SequenceEqual(other.Encoded);

    public override bool Equals(object? obj) => Equals(obj as DistinguishedName);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Encoded);
        return hash.ToHashCode();
    }

    private static void Require(NamePart attribute)
    {
        var (type, value) = attribute;
        if (value.Length == 0) throw Bad($"The attribute {type.ShortName} is empty.");
        if (new StringInfoLength(value).Value > type.MaxLength) throw Bad($"The attribute {type.ShortName} has more than {type.MaxLength} characters.");
        if (type.Encoding is NameEncoding.Ia5 && !Ascii.IsValid(value)) throw Bad($"The attribute {type.ShortName} may hold ASCII characters only.");
        if (type.Encoding is NameEncoding.Printable && !NameAttributeType.IsPrintable(value))
            throw Bad($"The attribute {type.ShortName} may hold letters, digits and ' ( ) + , - . / : = ? only.");
        if (NameRules.FindUnsafe(value) is { } problem) throw Bad($"The attribute {type.ShortName} {problem}.");
    }

    private static ServiceException Bad(string detail) => AuthorityErrors.BadName("Subject", detail);

    /// <summary>Upper bounds count characters, not UTF-16 units.</summary>
    private readonly record struct StringInfoLength(string Text)
    {
        public int Value => Text.Count(character => !char.IsLowSurrogate(character));
    }
}
