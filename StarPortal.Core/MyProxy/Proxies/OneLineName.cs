using System.Formats.Asn1;
using System.Globalization;
using System.Text;

namespace StarPortal.Core.MyProxy;

/// <summary>Names as grid tools write and compare them: OpenSSL's X509_NAME_oneline, <c>/O=Grid/OU=People/CN=Bob Badger</c>.</summary>
public static class OneLineName
{
    /// <param name="nameDer">A Name, of any CA.</param>
    /// <exception cref="AsnContentException">Not a Name.</exception>
    public static string Of(ReadOnlySpan<byte> nameDer) => Of(new ReadOnlyMemory<byte>(nameDer.ToArray()));

    internal static string Of(ReadOnlyMemory<byte> nameDer)
    {
        var text = new StringBuilder();
        foreach (var attribute in RawName.Read(nameDer))
        {
            text.Append(attribute.StartsRdn ? '/' : '+').Append(AttributeShortNames.Of(attribute.Oid)).Append('=');
            foreach (var octet in attribute.Value.Span)
            {
                if (octet is (byte)'/' or (byte)'+') text.Append('\\').Append((char)octet); // as of OpenSSL 3.0
                else if (octet is >= 0x20 and <= 0x7e) text.Append((char)octet);
                else text.Append(CultureInfo.InvariantCulture, $"\\x{octet:X2}");
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// Whether the name could be read as another's: a backslash in a value looks like what this form puts in front of a slash, a plus or the digits of an octet, but is not
    /// itself marked.
    /// </summary>
    internal static bool IsAmbiguous(ReadOnlyMemory<byte> nameDer) => RawName.Read(nameDer).Exists(attribute => attribute.Value.Span.Contains((byte)'\\'));
}
