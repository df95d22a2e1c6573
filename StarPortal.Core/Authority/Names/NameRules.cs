using System.Globalization;

namespace StarPortal.Core.Authority;

/// <summary>What may not stand in a name, whoever typed it.</summary>
public static class NameRules
{
    /// <summary>Longer input is refused before anything is computed from it.</summary>
    public const int MaxFullNameLength = 200;

    /// <summary>
    /// The C MyProxy clients cut the server's binary answer at these letters, so that a certificate whose name holds them cannot be
    /// fetched (myproxy 6.2.14, <c>myproxy_get_delegation</c>).
    /// </summary>
    public const string LettersThatBreakMyProxy = "VERSION";

    /// <summary>Characters that have a meaning in one of the text forms of a distinguished name.</summary>
    private const string Syntax = "=/\\+<>;\"#,";

    /// <returns>What is wrong with a person's full name, as a sentence for them; null when it is fine.</returns>
    public static string? FindProblem(string? fullName)
    {
        if (string.IsNullOrWhiteSpace(fullName)) return "Enter your full name.";
        if (fullName.Length > MaxFullNameLength) return $"A name has at most {MaxFullNameLength} characters.";
        if (FindUnsafe(fullName) is { } problem) return $"The name {problem}.";
        if (fullName.IndexOfAny([.. Syntax]) is >= 0 and var position) return $"The name contains '{fullName[position]}', which has a meaning of its own in certificates. Leave it out.";
        if (!fullName.Any(char.IsLetter)) return "Enter your full name in letters.";
        return null;
    }

    /// <returns>The end of a sentence that starts with what is meant, such as "contains a control character"; null when the text is safe.</returns>
    public static string? FindUnsafe(string text)
    {
        if (text.Contains(LettersThatBreakMyProxy, StringComparison.Ordinal))
            return $"contains the capital letters {LettersThatBreakMyProxy}, at which MyProxy clients cut a certificate off: write them in small letters";
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1])) index++;
            else if (char.IsSurrogate(text[index])) return "contains a broken character";
            else if (char.IsControl(text[index])) return "contains a control character, such as a line break";
            else if (IsUnsafe(text[index])) return "contains an invisible character that changes how text is shown";
        }

        return null;
    }

    /// <summary>Control and format characters (bidirectional marks and overrides, zero-width ones), line separators, private use, non-characters.</summary>
    internal static bool IsUnsafe(char character) => CharUnicodeInfo.GetUnicodeCategory(character) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
}
