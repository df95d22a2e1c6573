using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StarPortal.Tests.MyProxy;

/// <summary>Names that CAs have made, and some that nobody should.</summary>
internal static class OddNames
{
    private const string O = "2.5.4.10";
    private const string Cn = "2.5.4.3";

    /// <summary>What may not stand in a PrintableString, Latin-1 as T61String, two attributes in one RDN.</summary>
    public static readonly X500DistinguishedName Grid = Make(
        [(O, UniversalTagNumber.PrintableString, "Grid_Of @ll"u8.ToArray())],
        [("2.5.4.11", UniversalTagNumber.T61String, Encoding.Latin1.GetBytes("Müller")), ("2.5.4.5", UniversalTagNumber.PrintableString, "12"u8.ToArray())],
        [(Cn, UniversalTagNumber.PrintableString, "Bob_Badger"u8.ToArray())]);

    public static readonly IReadOnlyDictionary<string, X500DistinguishedName> All = new Dictionary<string, X500DistinguishedName>(StringComparer.Ordinal)
    {
        ["plain"] = Make([(O, UniversalTagNumber.PrintableString, "StarGrid"u8.ToArray())], [(Cn, UniversalTagNumber.PrintableString, "Test CA"u8.ToArray())]),
        ["grid"] = Grid,
        ["empty"] = Make(),
        ["spaces"] = Make([(Cn, UniversalTagNumber.PrintableString, "  Two   Words \t and\na line "u8.ToArray())]),
        ["only spaces"] = Make([(Cn, UniversalTagNumber.PrintableString, "   "u8.ToArray())]),
        ["UTF-8"] = Make([(O, UniversalTagNumber.UTF8String, "ÄÖÜ Straße Ελλάς 😀"u8.ToArray())], [(Cn, UniversalTagNumber.UTF8String, "ZOË\u00a0X"u8.ToArray())]),
        ["BMP"] = Make([(Cn, UniversalTagNumber.BMPString, Encoding.BigEndianUnicode.GetBytes("Straße Ж  X"))]),
        ["Universal"] = Make([(Cn, UniversalTagNumber.UniversalString, new UTF32Encoding(true, false).GetBytes("Ab 😀"))]),
        ["IA5"] = Make([("0.9.2342.19200300.100.1.25", UniversalTagNumber.IA5String, "ORG"u8.ToArray())], [("1.2.840.113549.1.9.1", UniversalTagNumber.IA5String, "Ca@Example.ORG"u8.ToArray())]),
        ["Numeric"] = Make([(Cn, UniversalTagNumber.NumericString, "12  34 "u8.ToArray())]),
        ["several in one"] = Make(
            [(Cn, UniversalTagNumber.PrintableString, "ZZ"u8.ToArray()), (O, UniversalTagNumber.UTF8String, "A"u8.ToArray()), ("2.5.4.4", UniversalTagNumber.PrintableString, "M"u8.ToArray())],
            [("0.9.2342.19200300.100.1.1", UniversalTagNumber.UTF8String, "u1"u8.ToArray())]),
        ["unknown type"] = Make([("1.2.3.4.5", UniversalTagNumber.UTF8String, "Who"u8.ToArray())], [("2.5.4.12", UniversalTagNumber.PrintableString, "Dr"u8.ToArray())]),
        ["slashes"] = Make([(Cn, UniversalTagNumber.PrintableString, "host/www.example.org"u8.ToArray())], [(Cn, UniversalTagNumber.UTF8String, "x/CN=y\\'\"\u007f+"u8.ToArray())]),
        ["empty value"] = Make([(Cn, UniversalTagNumber.UTF8String, [])]),
    };

    public static TheoryData<string> Keys => [.. All.Keys];

    /// <summary>Octets as given: nobody checks that they fit the string type.</summary>
    public static X500DistinguishedName Make(params (string Oid, UniversalTagNumber Type, byte[] Value)[][] rdns)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var rdn in rdns)
            {
                using var set = writer.PushSetOf();
                foreach (var (oid, type, value) in rdn)
                {
                    using var attribute = writer.PushSequence();
                    writer.WriteObjectIdentifier(oid);
                    writer.WriteEncodedValue([(byte)type, (byte)value.Length, .. value]);
                }
            }
        }

        return new X500DistinguishedName(writer.Encode());
    }
}
