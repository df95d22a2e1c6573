namespace StarPortal.Core.Mail;

/// <summary>A mail as its reader sees it: headers, and the first text and HTML parts.</summary>
/// <param name="Headers">The last of each name; names in any case; RFC 2047 words decoded.</param>
/// <param name="Text">Empty when there is no such part.</param>
/// <param name="Html">Empty when there is no such part.</param>
public sealed record EmlMessage(IReadOnlyDictionary<string, string> Headers, string Text, string Html)
{
    public string Header(string name) => Headers.GetValueOrDefault(name) ?? "";

    public static EmlMessage Parse(ReadOnlyMemory<byte> octets)
    {
        var mail = MimeReader.Read(octets);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in mail.Headers) headers[name] = HeaderWords.Decode(value);
        return new(headers, First(mail, "text/plain"), First(mail, "text/html"));
    }

    private static string First(MimeEntity mail, string mediaType) =>
        mail.Leaves.FirstOrDefault(part => part.Type.MediaType == mediaType)?.DecodeText().ReplaceLineEndings("\n") ?? "";
}
