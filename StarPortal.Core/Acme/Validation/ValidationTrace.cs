using System.Text;

namespace StarPortal.Core.Acme;

/// <summary>What a validation did, a line a step, for the portal's pages. Bounded, whatever the other side makes it do.</summary>
internal sealed class ValidationTrace
{
    private const int MaxLines = 60;

    private readonly List<string> lines = [];

    public IReadOnlyList<string> Lines => lines;

    public string? Last => lines.LastOrDefault();

    public void Add(string line)
    {
        if (lines.Count < MaxLines) lines.Add(line);
    }

    /// <summary>A text from outside as it may stand in ours: printable ASCII, cut to a length.</summary>
    public static string Quote(string text, int maxLength = 200)
    {
        var quoted = new StringBuilder();
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, maxLength))) quoted.Append(character is >= ' ' and <= '~' and not '<' and not '>' ? character : '?');
        return text.Length > maxLength ? quoted.Append("...").ToString() : quoted.ToString();
    }
}
