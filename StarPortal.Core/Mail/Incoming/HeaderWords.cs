using System.Text;

namespace StarPortal.Core.Mail;

/// <summary>The encoded words of header fields (RFC 2047): <c>=?charset?B?…?=</c> and <c>=?charset?Q?…?=</c>.</summary>
internal static class HeaderWords
{
    private const int MaxLength = 8_000;

    /// <returns>The text, cut at 8,000 characters; what is no encoded word stays as it is.</returns>
    public static string Decode(string value)
    {
        var text = value.Length > MaxLength ? value[..MaxLength] : value;
        var result = new StringBuilder();
        var (at, afterWord) = (0, false);
        while (at < text.Length)
        {
            var start = text.IndexOf("=?", at, StringComparison.Ordinal);
            if (start < 0 || TryRead(text, start) is not var (word, end))
            {
                var stop = start < 0 ? text.Length : start + 2;
                result.Append(text, at, stop - at);
                (at, afterWord) = (stop, false);
                continue;
            }

            // 6.2: white space between two words belongs to neither.
            if (!afterWord || !string.IsNullOrWhiteSpace(text[at..start])) result.Append(text, at, start - at);
            result.Append(word);
            (at, afterWord) = (end, true);
        }

        return result.ToString();
    }

    private static (string Word, int End)? TryRead(string text, int start)
    {
        var charset = text.IndexOf('?', start + 2);
        if (charset < 0 || charset + 2 >= text.Length || text[charset + 2] != '?') return null;
        var end = text.IndexOf("?=", charset + 3, StringComparison.Ordinal);
        if (end < 0) return null;
        var octets = Encoding.Latin1.GetBytes(text[(charset + 3)..end]);
        var name = text[(start + 2)..charset].Split('*')[0]; // RFC 2231 5: a language may follow.
        return char.ToUpperInvariant(text[charset + 1]) switch
        {
            'B' => (CharSets.Decode(name, TransferEncodings.Base64(octets)), end + 2),
            'Q' => (CharSets.Decode(name, TransferEncodings.QuotedPrintable(octets, underscoreIsSpace: true)), end + 2),
            _ => null,
        };
    }
}
