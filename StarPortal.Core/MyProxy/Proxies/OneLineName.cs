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
                if (octet is >= 0x20 and <= 0x7e) text.Append((char)octet);
                else text.Append(CultureInfo.InvariantCulture, $"\\x{octet:X2}");
            }
        }

        return text.ToString();
    }

    /// <summary>
    /// Whether a value holds what starts another attribute in this form, such as <c>x/CN=y</c>: the name could then be read as another's. Host names in front of a slash
    /// (<c>CN=host/www.example.org</c>) are usual, and no harm.
    /// </summary>
    internal static bool IsAmbiguous(ReadOnlyMemory<byte> nameDer) => RawName.Read(nameDer).Exists(attribute => HoldsAttribute(Encoding.Latin1.GetString(attribute.Value.Span)));

    private static bool HoldsAttribute(string value)
    {
        for (var start = value.IndexOfAny(['/', '+']); start >= 0; start = value.IndexOfAny(['/', '+'], start + 1))
        {
            var length = value.AsSpan(start + 1).IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.");
            if (length > 0 && value[start + 1 + length] == '=') return true;
        }

        return false;
    }
}
