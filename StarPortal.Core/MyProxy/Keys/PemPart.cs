using System.Text;

namespace StarPortal.Core.MyProxy;

/// <summary>A block of PEM, which may have the headers of RFC 1421 that OpenSSL's own key encryption writes.</summary>
/// <param name="Label">Such as <c>CERTIFICATE</c>.</param>
/// <param name="Headers">Such as <c>DEK-Info</c>.</param>
/// <param name="Content">Decoded. May be a key in the clear: whoever has the part wipes it.</param>
/// <param name="Text">As it stood, from BEGIN to END.</param>
internal sealed record PemPart(string Label, IReadOnlyDictionary<string, string> Headers, byte[] Content, string Text)
{
    private const string Begin = "-----BEGIN ";
    private const string End = "-----END ";
    private const string Dashes = "-----";

    public bool IsCertificate => Label == "CERTIFICATE";

    public bool IsTraditionallyEncrypted => Headers.ContainsKey("DEK-Info");

    /// <summary>Every block in its sequence; what stands between them is no matter.</summary>
    /// <exception cref="FormatException">A block has no end, or is not base64.</exception>
    public static IReadOnlyList<PemPart> ReadAll(string text)
    {
        List<PemPart> parts = [];
        List<string>? block = null;
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd('\r', ' ', '\t')))
        {
            if (line.StartsWith(Begin, StringComparison.Ordinal) && line.EndsWith(Dashes, StringComparison.Ordinal)) block = [line];
            else block?.Add(line);
            if (block is null || !line.StartsWith(End, StringComparison.Ordinal)) continue;
            parts.Add(Read(block));
            block = null;
        }

        return block is null ? parts : throw new FormatException("A PEM block has no end.");
    }

    private static PemPart Read(List<string> lines)
    {
        var label = lines[0][Begin.Length..^Dashes.Length];
        if (lines[^1] != $"{End}{label}{Dashes}") throw new FormatException("The label at a PEM block's end is another.");
        Dictionary<string, string> headers = new(StringComparer.Ordinal);
        StringBuilder base64 = new();
        foreach (var line in lines.Skip(1).SkipLast(1))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon) headers[line[..colon]] = line[(colon + 1)..].Trim();
            else base64.Append(line);
        }

        return new PemPart(label, headers, Convert.FromBase64String(base64.ToString()), string.Join('\n', lines) + "\n");
    }
}
