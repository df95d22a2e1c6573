using System.Formats.Asn1;
using System.Text;
using System.Text.RegularExpressions;

namespace StarPortal.Core.MyProxy;

/// <summary>A CA's <c>signing_policy</c>: the names that it may certify. Names are one-line names; in patterns <c>*</c> stands for anything and <c>?</c> for one character.</summary>
/// <param name="Authority">The CA's name.</param>
/// <param name="Patterns">Of the names below it.</param>
public sealed partial record SigningPolicy(string Authority, IReadOnlyList<string> Patterns)
{
    private const int MaxPatterns = 1000;

    /// <summary>Whether the CA may certify this name.</summary>
    public bool Allows(string subject) => Patterns.Any(pattern => Matches(pattern, subject));

    /// <summary>The file for our own CA.</summary>
    public byte[] Write() => Encoding.ASCII.GetBytes(string.Join('\n',
        $"access_id_CA  X509    '{Authority}'",
        "pos_rights    globus  CA:sign",
        $"cond_subjects globus  '{string.Join(' ', Patterns.Select(pattern => $"\"{pattern}\""))}'",
        ""));

    /// <summary>Whether a name can stand in this file: quotes end it there.</summary>
    public static bool CanHold(string name) => !name.AsSpan().ContainsAny('\'', '"');

    /// <summary>Reads every entry that lets a CA sign; what else the language can say nobody uses.</summary>
    /// <exception cref="AsnContentException">No entry can be read.</exception>
    public static IReadOnlyList<SigningPolicy> Parse(string text)
    {
        List<SigningPolicy> policies = [];
        string? authority = null;
        var maySign = false;
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (AuthorityLine().Match(line) is { Success: true } named) (authority, maySign) = (named.Groups["name"].Value, false);
            else if (RightsLine().IsMatch(line)) maySign = true;
            else if (authority is not null && maySign && SubjectsLine().Match(line) is { Success: true } subjects)
                policies.Add(new SigningPolicy(authority, ReadPatterns(subjects.Groups["patterns"].Value)));
        }

        return policies.Count > 0 ? policies : throw new AsnContentException("No access_id_CA with its pos_rights and cond_subjects.");
    }

    private static List<string> ReadPatterns(string text)
    {
        var quoted = QuotedText().Matches(text).Select(match => match.Groups["text"].Value).ToList();
        List<string> patterns = quoted.Count > 0 ? quoted : [text.Trim()];
        return patterns.Count <= MaxPatterns ? patterns : throw new AsnContentException($"More than {MaxPatterns} patterns.");
    }

    /// <summary>In time that grows with the product of the lengths at worst, whatever the pattern: a star remembers the one place to go on from.</summary>
    private static bool Matches(string pattern, string subject)
    {
        var (at, star, from) = (0, -1, 0);
        for (var index = 0; index < subject.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*') (star, from) = (at++, index);
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == subject[index])) (at, index) = (at + 1, index + 1);
            else if (star >= 0) (at, index) = (star + 1, ++from);
            else return false;
        }

        return pattern.AsSpan(at).TrimStart('*').IsEmpty;
    }

    [GeneratedRegex("""^access_id_CA\s+X509\s+(?:'(?<name>[^']*)'|"(?<name>[^"]*)")""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex AuthorityLine();

    [GeneratedRegex(@"^pos_rights\s+globus\s+CA:sign\b", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex RightsLine();

    [GeneratedRegex("""^cond_subjects\s+globus\s+(?:'(?<patterns>[^']*)'|(?<patterns>"[^"]*"))""", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex SubjectsLine();

    [GeneratedRegex("\"(?<text>[^\"]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex QuotedText();
}
