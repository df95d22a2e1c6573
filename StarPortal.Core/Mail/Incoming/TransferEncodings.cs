namespace StarPortal.Core.Mail;

/// <summary>Base64 and quoted-printable (RFC 2045 6.7 and 6.8) of any octets.</summary>
internal static class TransferEncodings
{
    /// <summary>Reads up to the padding; what is no digit is passed over, a digit too many at the end as well.</summary>
    public static byte[] Base64(ReadOnlySpan<byte> encoded)
    {
        var decoded = new byte[(encoded.Length / 4 * 3) + 3];
        var (bits, held, length) = (0, 0, 0);
        foreach (var octet in encoded)
        {
            if (octet == '=') break;
            if (DigitOf(octet) is not (>= 0 and var digit)) continue;
            (bits, held) = (((bits << 6) | digit) & 0xffffff, held + 6);
            if (held < 8) continue;
            held -= 8;
            decoded[length++] = (byte)(bits >> held);
        }

        return decoded[..length];
    }

    /// <summary>A sign of equality that begins no octet stays.</summary>
    public static byte[] QuotedPrintable(ReadOnlySpan<byte> encoded, bool underscoreIsSpace = false)
    {
        var decoded = new byte[encoded.Length];
        var length = 0;
        for (var at = 0; at < encoded.Length; at++)
        {
            var octet = encoded[at];
            if (octet == '=' && at + 2 < encoded.Length && HexOf(encoded[at + 1]) is >= 0 and var high && HexOf(encoded[at + 2]) is >= 0 and var low)
            {
                decoded[length++] = (byte)((high << 4) | low);
                at += 2;
            }
            else if (octet == '=' && SoftBreak(encoded[(at + 1)..]) is > 0 and var skipped)
            {
                at += skipped;
            }
            else
            {
                decoded[length++] = underscoreIsSpace && octet == '_' ? (byte)' ' : octet;
            }
        }

        return decoded[..length];
    }

    /// <returns>How many octets a soft line break has behind its sign; 0: it is none.</returns>
    private static int SoftBreak(ReadOnlySpan<byte> rest)
    {
        var blanks = 0;
        while (blanks < rest.Length && blanks < 100 && rest[blanks] is (byte)' ' or (byte)'\t') blanks++;
        if (blanks < rest.Length && rest[blanks] == '\n') return blanks + 1;
        return blanks + 1 < rest.Length && rest[blanks] == '\r' && rest[blanks + 1] == '\n' ? blanks + 2 : 0;
    }

    private static int DigitOf(byte octet) => octet switch
    {
        >= (byte)'A' and <= (byte)'Z' => octet - 'A',
        >= (byte)'a' and <= (byte)'z' => octet - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => octet - '0' + 52,
        (byte)'+' => 62,
        (byte)'/' => 63,
        _ => -1,
    };

    private static int HexOf(byte octet) => char.IsAsciiHexDigit((char)octet) ? Convert.ToInt32(((char)octet).ToString(), 16) : -1;
}
