using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

/// <summary>The text part: lines of at most 72 characters, except for links, which are never broken.</summary>
internal static class MailText
{
    private const int Width = 72;

    public static string Render(IReadOnlyList<MailBlock> blocks, IReadOnlyDictionary<string, string> values, PortalOptions portal)
    {
        var parts = blocks.Select(block => Render(block, text => MailTemplate.Fill(text, values, Clean))).Where(part => part.Length > 0);
        return $"{string.Join("\n\n", parts)}\n\n-- \n{portal.Name}\n{portal.BaseUrl}\n".ReplaceLineEndings("\r\n");
    }

    private static string Render(MailBlock block, Func<string, string> fill)
    {
        switch (block)
        {
            case MailParagraph paragraph: return Wrap(fill(paragraph.Text));
            case MailButton button: return $"{fill(button.Label)}:\n{fill(button.Link)}";
            case MailFacts facts:
                var lines = facts.Lines.Select(line => (line.Label, Value: fill(line.Value).Trim())).Where(line => line.Value.Length > 0).ToList();
                var width = lines.Count == 0 ? 0 : lines.Max(line => line.Label.Length) + 2;
                return string.Join('\n', lines.Select(line => $"{line.Label}:".PadRight(width) + line.Value.Replace("\n", "\n" + new string(' ', width), StringComparison.Ordinal)));
            default: throw new ArgumentException($"Unknown block {block.GetType().Name}.", nameof(block));
        }
    }

    private static string Wrap(string paragraph) => string.Join('\n', paragraph.ReplaceLineEndings("\n").Split('\n').Select(WrapLine));

    private static string WrapLine(string line)
    {
        var result = new StringBuilder();
        var column = 0;
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var breaks = column > 0 && column + 1 + word.Length > Width;
            if (column > 0) result.Append(breaks ? '\n' : ' ');
            column = (breaks || column == 0 ? 0 : column + 1) + word.Length;
            result.Append(word);
        }

        return result.ToString();
    }

    /// <summary>Control characters other than line ends have no business in a mail.</summary>
    private static string Clean(string text) => new([.. text.ReplaceLineEndings("\n").Where(character => character == '\n' || !char.IsControl(character))]);
}
