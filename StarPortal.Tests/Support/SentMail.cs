using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.RegularExpressions;

namespace StarPortal.Tests.Support;

/// <summary>A mail as its reader sees it, parsed from an .eml file.</summary>
public sealed partial record SentMail(string FileName, IReadOnlyDictionary<string, string> Headers, string Text, string Html)
{
    public string To => Headers["To"];

    public string Subject => Headers["Subject"];

    /// <summary>Every absolute link of the text part.</summary>
    public IReadOnlyList<Uri> Links => [.. LinkPattern().Matches(Text).Select(match => new Uri(match.Value.TrimEnd('.', ',', ')', '>')))];

    /// <summary>The one link whose path starts with <paramref name="path"/>.</summary>
    public Uri LinkTo(string path) => Links.Single(link => link.AbsolutePath.StartsWith(path, StringComparison.Ordinal));

    /// <summary>The mails of a folder, in the order they were written.</summary>
    public static IReadOnlyList<SentMail> ReadAll(string folder) =>
        !Directory.Exists(folder) ? [] : [.. new DirectoryInfo(folder).EnumerateFiles("*.eml").OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal).Select(file => Parse(file.Name, File.ReadAllText(file.FullName, Encoding.Latin1)))];

    /// <param name="fileName">Kept as it is.</param>
    /// <param name="source">RFC 5322 text, a character for an octet.</param>
    public static SentMail Parse(string fileName, string source)
    {
        var (headers, body) = Split(source);
        var parts = Leaves(headers, body).ToList();
        return new(fileName, headers, Find(parts, "text/plain"), Find(parts, "text/html"));
    }

    private static string Find(IEnumerable<(ContentType Type, string Content)> parts, string mediaType) =>
        parts.FirstOrDefault(part => part.Type.MediaType == mediaType).Content ?? "";

    private static (Dictionary<string, string> Headers, string Body) Split(string source)
    {
        var text = source.ReplaceLineEndings("\n");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var head = Folding().Replace(end < 0 ? text : text[..end], " ");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in head.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon].Trim()] = DecodeWords(line[(colon + 1)..].Trim());
        }

        return (headers, end < 0 ? "" : text[(end + 2)..]);
    }

    private static IEnumerable<(ContentType Type, string Content)> Leaves(Dictionary<string, string> headers, string body)
    {
        var type = new ContentType(headers.GetValueOrDefault("Content-Type") ?? "text/plain");
        if (!type.MediaType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            yield return (type, Decode(headers.GetValueOrDefault("Content-Transfer-Encoding"), type.CharSet, body));
            yield break;
        }

        foreach (var part in body.Split("--" + type.Boundary).Skip(1).TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)))
        {
            var (partHeaders, partBody) = Split(part.TrimStart('\n'));
            foreach (var leaf in Leaves(partHeaders, partBody)) yield return leaf;
        }
    }

    private static string Decode(string? transferEncoding, string? charSet, string body)
    {
        var bytes = transferEncoding?.ToUpperInvariant() switch
        {
            "BASE64" => Convert.FromBase64String(body.Replace("\n", "", StringComparison.Ordinal)),
            "QUOTED-PRINTABLE" => DecodeQuoted(body.Replace("=\n", "", StringComparison.Ordinal)),
            _ => Encoding.Latin1.GetBytes(body),
        };
        return Encoding.GetEncoding(charSet ?? "us-ascii").GetString(bytes);
    }

    private static byte[] DecodeQuoted(string text) => Encoding.Latin1.GetBytes(
        QuotedOctet().Replace(text, match => ((char)byte.Parse(match.Groups["octet"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString()));

    /// <summary>RFC 2047 encoded words.</summary>
    private static string DecodeWords(string value) => EncodedWord().Replace(BetweenWords().Replace(value, "?==?"), match =>
    {
        var content = match.Groups["content"].Value;
        var bytes = match.Groups["encoding"].ValueSpan is "B" or "b" ? Convert.FromBase64String(content) : DecodeQuoted(content.Replace('_', ' '));
        return Encoding.GetEncoding(match.Groups["charset"].Value).GetString(bytes);
    });

    [GeneratedRegex(@"https?://[^\s""<>]+", RegexOptions.None, 1000)]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"\n[ \t]+", RegexOptions.None, 1000)]
    private static partial Regex Folding();

    [GeneratedRegex("=(?<octet>[0-9A-Fa-f]{2})", RegexOptions.None, 1000)]
    private static partial Regex QuotedOctet();

    [GeneratedRegex(@"\?=\s+=\?", RegexOptions.None, 1000)]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"=\?(?<charset>[^?]+)\?(?<encoding>[BbQq])\?(?<content>[^?]*)\?=", RegexOptions.None, 1000)]
    private static partial Regex EncodedWord();
}
