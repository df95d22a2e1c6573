namespace StarPortal.Core.Mail;

/// <summary>A Content-Type field (RFC 2045 5.1), read with forbearance.</summary>
/// <param name="MediaType">In lower case; <c>text/plain</c> where there is none.</param>
public sealed record MimeContentType(string MediaType, IReadOnlyDictionary<string, string> Parameters)
{
    private const int MaxParameters = 20;

    public bool IsMultipart => MediaType.StartsWith("multipart/", StringComparison.Ordinal);

    /// <returns>Null when there is none of this name.</returns>
    public string? Parameter(string name) => Parameters.GetValueOrDefault(name);

    public static MimeContentType Read(string value)
    {
        var at = value.IndexOf(';', StringComparison.Ordinal);
        var type = (at < 0 ? value : value[..at]).Trim().ToLowerInvariant();
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (at >= 0 && at < value.Length && parameters.Count < MaxParameters)
        {
            at++;
            var equals = value.IndexOf('=', at);
            if (equals < 0) break;
            var name = value[(value.LastIndexOf(';', equals) + 1)..equals].Trim();
            (var content, at) = ReadValue(value, equals + 1);
            if (name.Length > 0) parameters.TryAdd(name, content);
        }

        return new(type.Contains('/') ? type : "text/plain", parameters);
    }

    /// <returns>The value, and where the semicolon behind it is.</returns>
    private static (string Value, int End) ReadValue(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        if (at >= text.Length || text[at] != '"')
        {
            var stop = text.IndexOf(';', Math.Min(at, text.Length));
            return (text[Math.Min(at, text.Length)..(stop < 0 ? text.Length : stop)].Trim(), stop < 0 ? text.Length : stop);
        }

        var value = new System.Text.StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length) at++;
            value.Append(text[at]);
        }

        var semicolon = at >= text.Length ? -1 : text.IndexOf(';', at);
        return (value.ToString(), semicolon < 0 ? text.Length : semicolon);
    }
}
