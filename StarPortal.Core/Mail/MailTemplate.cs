using System.Text.RegularExpressions;

namespace StarPortal.Core.Mail;

/// <summary>
/// A parsed template file: a line <c>Subject: …</c>, an empty line, blocks with empty lines between them, and after a line <c>---</c> the
/// sample values (<c>name = value</c>), which also declare what the room provides. A block is a paragraph, a button
/// (<c>[Label]({{link}})</c> alone on a line) or facts (lines <c>- Label: value</c>).
/// </summary>
/// <param name="Name">Room and file, such as <c>enrollment/confirm-address</c>.</param>
/// <param name="Samples">A value for every placeholder that may be used.</param>
/// <param name="IsOverridden">Whether an administrator's file replaces ours.</param>
public sealed partial record MailTemplate(
    string Name, string Subject, IReadOnlyList<MailBlock> Blocks, IReadOnlyDictionary<string, string> Samples, bool IsOverridden = false)
{
    /// <summary>The names between <c>{{</c> and <c>}}</c>, each once.</summary>
    public IReadOnlySet<string> Placeholders { get; } = Blocks.SelectMany(block => block.Texts).Append(Subject)
        .SelectMany(text => Placeholder().Matches(text)).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">The file is not a template; the message names <paramref name="source"/>.</exception>
    public static MailTemplate Parse(string name, string content, string source)
    {
        var lines = content.ReplaceLineEndings("\n").Split('\n');
        if (!lines[0].StartsWith("Subject: ", StringComparison.Ordinal)) throw MailErrors.Template(source, "the first line has to be 'Subject: …'.");
        if (lines.Length < 3 || lines[1].Trim().Length > 0) throw MailErrors.Template(source, "an empty line has to follow the subject.");

        var end = Array.IndexOf(lines, "---");
        var body = lines[2..(end < 0 ? lines.Length : end)];
        var samples = end < 0 ? [] : lines[(end + 1)..].Where(line => line.Trim().Length > 0).Select(line => Sample(line, source));
        return new MailTemplate(name, lines[0]["Subject: ".Length..].Trim(), [.. Split(body).Select(MailBlock.Parse)], samples.ToDictionary(StringComparer.Ordinal));
    }

    /// <summary>Puts the values in; <paramref name="escape"/> is applied to each value and to the text between them.</summary>
    internal static string Fill(string text, IReadOnlyDictionary<string, string> values, Func<string, string> escape)
    {
        var result = new System.Text.StringBuilder();
        var from = 0;
        foreach (var match in Placeholder().EnumerateMatches(text))
        {
            result.Append(escape(text[from..match.Index]));
            result.Append(escape(values[text[(match.Index + 2)..(match.Index + match.Length - 2)].Trim()]));
            from = match.Index + match.Length;
        }

        return result.Append(escape(text[from..])).ToString();
    }

    private static IEnumerable<IReadOnlyList<string>> Split(IEnumerable<string> lines)
    {
        List<string> block = [];
        foreach (var line in lines.Append(""))
        {
            if (line.Trim().Length > 0)
            {
                block.Add(line.Trim());
                continue;
            }

            if (block.Count > 0) yield return block;
            block = [];
        }
    }

    private static KeyValuePair<string, string> Sample(string line, string source) => line.Split('=', 2) is [var name, var value]
        ? new(name.Trim(), value.Trim().Replace("\\n", "\n", StringComparison.Ordinal))
        : throw MailErrors.Template(source, $"below the line '---' stand sample values as 'name = value', not '{line}'.");

    [GeneratedRegex(@"\{\{\s*(?<name>[A-Za-z][A-Za-z0-9]*)\s*\}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Placeholder();
}
