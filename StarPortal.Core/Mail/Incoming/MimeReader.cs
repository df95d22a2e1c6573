using System.Text;

namespace StarPortal.Core.Mail;

/// <summary>
/// Takes a mail apart (RFC 5322, 2045, 2046). A function of the octets that ends for every input, in time and memory proportional to their number: what breaks a rule is read as
/// if it were content.
/// </summary>
public static class MimeReader
{
    /// <summary>Multiparts in multiparts; what lies deeper is content.</summary>
    public const int MaxDepth = 8;

    /// <summary>Parts of a message in all.</summary>
    public const int MaxParts = 100;

    /// <summary>Header fields of a part.</summary>
    private const int MaxHeaders = 200;

    /// <summary>Octets of the headers of a part.</summary>
    private const int MaxHeaderOctets = 64 * 1024;

    /// <summary>RFC 2046 5.1.1.</summary>
    private const int MaxBoundary = 70;

    public static MimeEntity Read(ReadOnlyMemory<byte> octets)
    {
        var room = MaxParts;
        return Read(octets, depth: 0, ref room);
    }

    private static MimeEntity Read(ReadOnlyMemory<byte> octets, int depth, ref int room)
    {
        var (headers, body) = ReadHeaders(octets);
        var entity = new MimeEntity(octets, headers, body, []);
        if (depth == MaxDepth || !entity.Type.IsMultipart || entity.Type.Parameter("boundary") is not { Length: > 0 and <= MaxBoundary } boundary) return entity;
        List<MimeEntity> parts = [];
        foreach (var part in Split(body, Encoding.Latin1.GetBytes($"--{boundary}")))
        {
            if (room-- <= 0) break;
            parts.Add(Read(part, depth + 1, ref room));
        }

        return entity with { Parts = parts };
    }

    private static (List<(string, string)> Headers, ReadOnlyMemory<byte> Body) ReadHeaders(ReadOnlyMemory<byte> octets)
    {
        List<(string Name, string Value)> headers = [];
        var (at, field) = (0, new StringBuilder());
        while (at < octets.Length && at < MaxHeaderOctets)
        {
            var (line, next) = LineAt(octets.Span, at);
            if (line.Length > 0 && line[0] is (byte)' ' or (byte)'\t' && field.Length > 0)
            {
                field.Append(' ').Append(CharSets.Header(line).TrimStart());
                at = next;
                continue;
            }

            Add();
            at = next;
            if (line.Length == 0) return (headers, octets[at..]);
            field.Append(CharSets.Header(line));
        }

        Add();
        return (headers, octets[Math.Min(at, octets.Length)..]);

        void Add()
        {
            var text = field.ToString();
            field.Clear();
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && headers.Count < MaxHeaders) headers.Add((text[..colon].TrimEnd(), text[(colon + 1)..].Trim()));
        }
    }

    /// <summary>What lies between delimiter lines; the last part may lack its end.</summary>
    private static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> body, byte[] delimiter)
    {
        List<ReadOnlyMemory<byte>> parts = [];
        var (at, start, end) = (0, -1, 0);
        while (at < body.Length && parts.Count < MaxParts)
        {
            var (line, next) = LineAt(body.Span, at);
            if (IsDelimiter(line, delimiter, out var isLast))
            {
                if (start >= 0) parts.Add(body[start..Math.Max(start, end)]);
                if (isLast) return parts;
                (start, end) = (next, next);
            }
            else
            {
                end = at + line.Length; // The line end before a delimiter belongs to the delimiter.
            }

            at = next;
        }

        if (start >= 0 && parts.Count < MaxParts) parts.Add(body[Math.Min(start, body.Length)..]);
        return parts;
    }

    private static bool IsDelimiter(ReadOnlySpan<byte> line, ReadOnlySpan<byte> delimiter, out bool isLast)
    {
        isLast = false;
        if (!line.StartsWith(delimiter)) return false;
        var rest = line[delimiter.Length..];
        isLast = rest.StartsWith("--"u8);
        return (isLast ? rest[2..] : rest).Trim(" \t"u8).Length == 0;
    }

    /// <returns>The line without its end (CRLF or LF), and where the next begins.</returns>
    private static (byte[] Line, int Next) LineAt(ReadOnlySpan<byte> octets, int at)
    {
        var length = octets[at..].IndexOf((byte)'\n');
        var (end, next) = length < 0 ? (octets.Length, octets.Length) : (at + length, at + length + 1);
        if (length > 0 && octets[end - 1] == '\r') end--;
        return (octets[at..end].ToArray(), next);
    }
}
