using System.Net.Mime;
using System.Text;
using System.Text.RegularExpressions;

namespace StarPortal.Core.Mail;

/// <summary>A mail as its reader sees it: RFC 5322 headers (RFC 2047 words decoded) and the first text and HTML parts (RFC 2045, 2046).</summary>
/// <param name="Headers">The last of each name; names in any case.</param>
/// <param name="Text">Empty when there is no such part.</param>
/// <param name="Html">Empty when there is no such part.</param>
public sealed partial record EmlMessage(IReadOnlyDictionary<string, string> Headers, string Text, string Html)
{
    private const int MaxDepth = 10;

    public string Header(string name) => Headers.GetValueOrDefault(name) ?? "";

    /// <exception cref="FormatException">The octets are not a mail.</exception>
    public static EmlMessage Parse(ReadOnlySpan<byte> octets)
    {
        var (headers, body) = Split(Encoding.Latin1.GetString(octets));
        var parts = Leaves(headers, body, depth: 0).ToList();
        return new EmlMessage(headers, First(parts, "text/plain"), First(parts, "text/html"));
    }

    private static string First(IEnumerable<(string MediaType, string Content)> parts, string mediaType) =>
        parts.FirstOrDefault(part => string.Equals(part.MediaType, mediaType, StringComparison.OrdinalIgnoreCase)).Content ?? "";

    private static (Dictionary<string, string> Headers, string Body) Split(string source)
    {
        var text = source.ReplaceLineEndings("\n");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in Folding().Replace(end < 0 ? text : text[..end], " ").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon].Trim()] = DecodeWords(line[(colon + 1)..].Trim());
        }

        return (headers, end < 0 ? "" : text[(end + 2)..]);
    }

    private static IEnumerable<(string MediaType, string Content)> Leaves(Dictionary<string, string> headers, string body, int depth)
    {
        var type = new ContentType(headers.GetValueOrDefault("Content-Type") ?? "text/plain");
        if (type.Boundary is not { Length: > 0 } boundary || depth == MaxDepth)
            return [(type.MediaType, Decode(headers.GetValueOrDefault("Content-Transfer-Encoding"), type.CharSet, body))];

        return $"\n{body}".Split($"\n--{boundary}").Skip(1).TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)).SelectMany(part =>
        {
            var (partHeaders, partBody) = Split(part.TrimStart('\n'));
            return Leaves(partHeaders, partBody, depth + 1);
        });
    }

    private static string Decode(string? transferEncoding, string? charSet, string body) => CharSet(charSet).GetString(transferEncoding?.Trim().ToUpperInvariant() switch
    {
        "BASE64" => Convert.FromBase64String(body),
        "QUOTED-PRINTABLE" => QuotedPrintable(SoftBreak().Replace(body, "")),
        _ => Encoding.Latin1.GetBytes(body),
    });

    private static byte[] QuotedPrintable(string text) =>
        Encoding.Latin1.GetBytes(QuotedOctet().Replace(text, match => ((char)Convert.ToByte(match.Value[1..], 16)).ToString()));

    private static string DecodeWords(string value) => EncodedWord().Replace(BetweenWords().Replace(value, "?==?"), match =>
    {
        var content = match.Groups["content"].Value;
        var octets = match.Groups["encoding"].ValueSpan is "B" or "b" ? Convert.FromBase64String(content) : QuotedPrintable(content.Replace('_', ' '));
        return CharSet(match.Groups["charset"].Value).GetString(octets);
    });

    private static Encoding CharSet(string? name)
    {
        try
        {
            return Encoding.GetEncoding(name ?? "us-ascii");
        }
        catch (ArgumentException)
        {
            return Encoding.Latin1;
        }
    }

    [GeneratedRegex(@"\n[ \t]+", RegexOptions.None, 1000)]
    private static partial Regex Folding();

    [GeneratedRegex(@"=[ \t]*\n", RegexOptions.None, 1000)]
    private static partial Regex SoftBreak();

    [GeneratedRegex("=[0-9A-Fa-f]{2}", RegexOptions.None, 1000)]
    private static partial Regex QuotedOctet();

    [GeneratedRegex(@"\?=\s+=\?", RegexOptions.None, 1000)]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"=\?(?<charset>[^?*]+)(\*[^?]*)?\?(?<encoding>[BbQq])\?(?<content>[^?]*)\?=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EncodedWord();
}
