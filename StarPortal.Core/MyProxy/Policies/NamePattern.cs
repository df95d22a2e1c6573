using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// A pattern of the genuine server's policies: a POSIX extended regular expression for the whole name, in which <c>*</c> stands for any text, <c>?</c> for any character
/// and <c>.</c> for itself; with a backslash each of them has its meaning in regular expressions. Matching takes time in proportion to the name, whatever the pattern.
/// </summary>
public sealed class NamePattern
{
    public const int MaxLength = 1_000;

    private const int MaxKnown = 1_000;

    /// <summary>Beyond any limit that matching could reach by itself.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private static readonly ConcurrentDictionary<string, NamePattern> Known = new(StringComparer.Ordinal);

    private readonly string text;
    private readonly Regex? regex;

    private NamePattern(string text)
    {
        this.text = text;
        if (text == "*") return;
        try
        {
            regex = new Regex(PatternSyntax.ToRegex(text), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline, Timeout);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw MyProxyErrors.BadPattern(text);
        }
    }

    /// <exception cref="ServiceException">Invalid: no pattern, or one that is too long or too large.</exception>
    public static NamePattern Parse(string text)
    {
        if (text.Length is 0 or > MaxLength) throw MyProxyErrors.BadPattern(text);
        if (Known.TryGetValue(text, out var known)) return known;
        if (Known.Count >= MaxKnown) Known.Clear();
        return Known.GetOrAdd(text, static given => new NamePattern(given));
    }

    public static bool IsPattern(string text)
    {
        try
        {
            Parse(text);
            return true;
        }
        catch (ServiceException)
        {
            return false;
        }
    }

    public bool Matches(string name) => regex is null || regex.IsMatch(name);

    /// <summary>A pattern that fits this text and no other.</summary>
    internal static string Quote(string text) => string.Concat(text.Select(character => character switch
    {
        '^' or '\\' => $"\\{character}",
        '*' or '?' or '+' or '|' or '(' or ')' or '{' or '}' or '[' or ']' or '$' => $"[{character}]",
        _ => character.ToString(),
    }));

    public override string ToString() => text;
}
