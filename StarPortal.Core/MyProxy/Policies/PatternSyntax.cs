using System.Text;
using System.Text.RegularExpressions;

namespace StarPortal.Core.MyProxy;

/// <summary>Writes a pattern of names as a .NET expression that matches the same names.</summary>
internal static class PatternSyntax
{
    /// <summary>The classes of POSIX bracket expressions, in ASCII.</summary>
    private static readonly Dictionary<string, string> Classes = new(StringComparer.Ordinal)
    {
        ["alpha"] = "a-zA-Z", ["digit"] = "0-9", ["alnum"] = "a-zA-Z0-9", ["upper"] = "A-Z", ["lower"] = "a-z", ["space"] = @"\s", ["blank"] = @" \t",
        ["punct"] = @"!-/:-@\[-`{-~", ["xdigit"] = "0-9a-fA-F", ["print"] = @"\x20-\x7e", ["graph"] = "!-~", ["cntrl"] = @"\x00-\x1f\x7f",
    };

    /// <exception cref="ArgumentException">Not a pattern.</exception>
    public static string ToRegex(string pattern)
    {
        var regex = new StringBuilder(@"\A(?:");
        for (var at = 0; at < pattern.Length;)
        {
            if (pattern[at] == '[') at = AppendBracket(regex, pattern, at);
            else if (pattern[at] == '\\') at = AppendEscaped(regex, pattern, at);
            else AppendPlain(regex, pattern[at++]);
        }

        return regex.Append(@")\z").ToString();
    }

    private static void AppendPlain(StringBuilder regex, char character)
    {
        switch (character)
        {
            case '*': regex.Append(".*"); break;
            case '?': regex.Append('.'); break;
            case '.': regex.Append(@"\."); break;
            case '^': regex.Append(@"\A"); break;
            case '$': regex.Append(@"\z"); break;
            case '+' or '|' or '(' or ')' or '{' or '}': regex.Append(character); break;
            default: regex.Append(Regex.Escape(character.ToString())); break;
        }
    }

    private static int AppendEscaped(StringBuilder regex, string pattern, int at)
    {
        if (at + 1 == pattern.Length) throw new ArgumentException("A backslash at the end.", nameof(pattern));
        var character = pattern[at + 1];
        // What would begin one of .NET's own groups is no POSIX expression.
        if (character == '?' && regex[^1] == '(') throw new ArgumentException("Nothing to repeat.", nameof(pattern));
        if (character is '*' or '?' or '.') regex.Append(character);
        else regex.Append(Regex.Escape(character.ToString()));
        return at + 2;
    }

    /// <summary>A bracket expression: a backslash in it stands for itself (POSIX 9.3.5).</summary>
    private static int AppendBracket(StringBuilder regex, string pattern, int at)
    {
        regex.Append('[');
        at++;
        if (at < pattern.Length && pattern[at] == '^')
        {
            regex.Append('^');
            at++;
        }

        for (var isFirst = true; at < pattern.Length && (isFirst || pattern[at] != ']'); isFirst = false)
        {
            if (pattern.AsSpan(at).StartsWith("[:")) at = AppendClass(regex, pattern, at);
            else at = AppendMember(regex, pattern[at], at);
        }

        if (at >= pattern.Length) throw new ArgumentException("A bracket is not closed.", nameof(pattern));
        regex.Append(']');
        return at + 1;
    }

    private static int AppendMember(StringBuilder regex, char character, int at)
    {
        if (character is '[' or ']' or '\\' or '^') regex.Append('\\');
        regex.Append(character);
        return at + 1;
    }

    private static int AppendClass(StringBuilder regex, string pattern, int at)
    {
        var end = pattern.IndexOf(":]", at + 2, StringComparison.Ordinal);
        if (end < 0 || !Classes.TryGetValue(pattern[(at + 2)..end], out var members)) throw new ArgumentException("No such class.", nameof(pattern));
        regex.Append(members);
        return end + 2;
    }
}
