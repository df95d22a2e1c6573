using System.Formats.Asn1;

namespace StarPortal.Core.Authority;

/// <summary>One attribute of a distinguished name.</summary>
/// <param name="Type">What it says, such as O.</param>
/// <param name="Value">In clear, not escaped.</param>
public sealed record NamePart(NameAttributeType Type, string Value)
{
    /// <summary>False for the second and further attributes of a multi-valued RDN, which only foreign requests have.</summary>
    public bool StartsRdn { get; init; } = true;
}

/// <summary>An attribute type: its short name, OID, upper bound (RFC 5280 appendix A.1) and the string type that it is written in.</summary>
public sealed record NameAttributeType(string ShortName, string Oid, int MaxLength, NameEncoding Encoding)
{
    /// <summary>The attribute types that templates may use. A foreign request's other types are kept by their OID.</summary>
    public static readonly IReadOnlyList<NameAttributeType> Known =
    [
        new("C", "2.5.4.6", 2, NameEncoding.Printable),
        new("ST", "2.5.4.8", 128, NameEncoding.Directory),
        new("L", "2.5.4.7", 128, NameEncoding.Directory),
        new("O", "2.5.4.10", 64, NameEncoding.Directory),
        new("OU", "2.5.4.11", 64, NameEncoding.Directory),
        new("CN", "2.5.4.3", 64, NameEncoding.Directory),
        new("GN", "2.5.4.42", 64, NameEncoding.Directory),
        new("SN", "2.5.4.4", 64, NameEncoding.Directory),
        new("serialNumber", "2.5.4.5", 64, NameEncoding.Printable),
        new("DC", "0.9.2342.19200300.100.1.25", 63, NameEncoding.Ia5),
        new("UID", "0.9.2342.19200300.100.1.1", 256, NameEncoding.Directory),
        new("emailAddress", "1.2.840.113549.1.9.1", 255, NameEncoding.Ia5),
    ];

    public static NameAttributeType? FindByName(string shortName) =>
        Known.FirstOrDefault(type => type.ShortName.Equals(shortName, StringComparison.OrdinalIgnoreCase));

    public static NameAttributeType ByOid(string oid) =>
        Known.FirstOrDefault(type => type.Oid == oid) ?? new NameAttributeType(oid, oid, int.MaxValue, NameEncoding.Directory);

    /// <summary>The DER string type for a value: DC and e-mail as IA5String, the others PrintableString when it fits and UTF8String when not.</summary>
    internal UniversalTagNumber TagFor(string value) => Encoding switch
    {
        NameEncoding.Ia5 => UniversalTagNumber.IA5String,
        NameEncoding.Printable => UniversalTagNumber.PrintableString,
        NameEncoding.Directory => IsPrintable(value) ? UniversalTagNumber.PrintableString : UniversalTagNumber.UTF8String,
    };

    internal static bool IsPrintable(string value) => value.All(character => char.IsAsciiLetterOrDigit(character) || " '()+,-./:=?".Contains(character));
}

/// <summary>How an attribute's value may be written (RFC 5280 4.1.2.4 and appendix A.1).</summary>
public enum NameEncoding
{
    /// <summary>PrintableString or UTF8String.</summary>
    Directory,

    /// <summary>PrintableString only.</summary>
    Printable,

    /// <summary>IA5String only.</summary>
    Ia5,
}
