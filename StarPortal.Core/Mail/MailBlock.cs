using System.Text.RegularExpressions;

namespace StarPortal.Core.Mail;

/// <summary>A piece of a mail's body, with its placeholders still in it.</summary>
public abstract partial record MailBlock
{
    /// <summary>Every text that may hold placeholders.</summary>
    internal abstract IEnumerable<string> Texts { get; }

    internal static MailBlock Parse(IReadOnlyList<string> lines)
    {
        if (lines is [var only] && ButtonLine().Match(only) is { Success: true } button) return new MailButton(button.Groups["label"].Value, button.Groups["link"].Value);
        var facts = lines.Select(line => FactLine().Match(line)).ToList();
        if (facts.TrueForAll(fact => fact.Success)) return new MailFacts([.. facts.Select(fact => (fact.Groups["label"].Value, fact.Groups["value"].Value))]);
        return new MailParagraph(string.Join(' ', lines));
    }

    [GeneratedRegex(@"^\[(?<label>[^\]]+)\]\((?<link>\S+|\{\{\s*\w+\s*\}\})\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ButtonLine();

    [GeneratedRegex(@"^- (?<label>[^:{}]+): (?<value>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FactLine();
}

public sealed record MailParagraph(string Text) : MailBlock
{
    internal override IEnumerable<string> Texts => [Text];
}

/// <summary>A link that stands out: a button in HTML, label and address on lines of their own in text.</summary>
public sealed record MailButton(string Label, string Link) : MailBlock
{
    internal override IEnumerable<string> Texts => [Label, Link];
}

/// <summary>A table of labels and values; a line whose value is empty is left out.</summary>
public sealed record MailFacts(IReadOnlyList<(string Label, string Value)> Lines) : MailBlock
{
    internal override IEnumerable<string> Texts => Lines.Select(line => line.Value);
}
