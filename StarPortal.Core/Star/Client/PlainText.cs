namespace StarPortal.Core.Star;

/// <summary>What a server wrote, made fit for one line of a log.</summary>
internal static class PlainText
{
    private const int Longest = 300;

    public static string Of(string text)
    {
        var line = string.Create(Math.Min(text.Length, Longest), text, (span, from) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = char.IsControl(from[i]) || char.IsSurrogate(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
        });
        return text.Length > Longest ? line + " …" : line;
    }
}
