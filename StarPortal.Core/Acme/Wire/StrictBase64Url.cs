using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace StarPortal.Core.Acme;

/// <summary>
/// Base64url as RFC 8555 6.1 has it: no padding, no white space, and only the one encoding that every value has (no stray bits at its end), so that a value
/// can be compared by its text.
/// </summary>
public static class StrictBase64Url
{
    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8);

    public static bool TryDecode(ReadOnlySpan<byte> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        if (text.Length % 4 == 1 || text.ContainsAnyExcept(Alphabet) || HasStrayBits(text)) return false;
        bytes = Base64Url.DecodeFromUtf8(text);
        return true;
    }

    /// <summary>A last group of two or three characters holds four or two bits that nothing stands for.</summary>
    private static bool HasStrayBits(ReadOnlySpan<byte> text) => (text.Length % 4) switch
    {
        2 => (ValueOf(text[^1]) & 0b1111) != 0,
        3 => (ValueOf(text[^1]) & 0b11) != 0,
        _ => false,
    };

    private static int ValueOf(byte character) => character switch
    {
        >= (byte)'A' and <= (byte)'Z' => character - 'A',
        >= (byte)'a' and <= (byte)'z' => character - 'a' + 26,
        >= (byte)'0' and <= (byte)'9' => character - '0' + 52,
        (byte)'-' => 62,
        _ => 63,
    };
}
