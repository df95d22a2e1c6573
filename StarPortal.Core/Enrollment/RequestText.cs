using System.Globalization;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>Rules for what people type: line breaks and tabs in longer texts are fine, what hides or reorders text is not.</summary>
public static class RequestText
{
    /// <returns>What is wrong with the text, in a sentence for people; null when it may be kept.</returns>
    public static string? FindProblem(string? text, int maxLength)
    {
        if (text is null) return null;
        if (text.Length > maxLength) return $"This is too long: {text.Length} characters, where at most {maxLength} fit.";
        return HasHidden(text) ? "This holds control or invisible characters, which can make a text read differently from what it is. Type it instead of pasting it." : null;
    }

    /// <returns>The text as <see cref="Tidy"/> leaves it.</returns>
    /// <exception cref="ServiceException">Invalid, beside <paramref name="field"/>: empty, too long, or with hidden characters.</exception>
    public static string Required(string? text, int maxLength, string field) =>
        Clean(text, maxLength, field) is { Length: > 0 } tidy ? tidy : throw RequestErrors.Missing(field);

    /// <summary>The same for a text that may be empty.</summary>
    /// <exception cref="ServiceException">Invalid, beside <paramref name="field"/>: too long, or with hidden characters.</exception>
    public static string Clean(string? text, int maxLength, string field) =>
        FindProblem(text, maxLength) is { } problem ? throw RequestErrors.Unusable(problem, field) : Tidy(text);

    /// <summary>Normal form C, <c>\n</c> at the ends of lines, no white space around it; for text that has no problem.</summary>
    public static string Tidy(string? text) => text is null ? "" : text.ReplaceLineEndings("\n").Normalize(NormalizationForm.FormC).Trim();

    /// <summary>
    /// Whether there are control characters (other than tab and line break), lone surrogates, unassigned or private-use code points, or
    /// format characters: bidirectional overrides, zero-width spaces and the like (Unicode TR 36, "Trojan Source").
    /// </summary>
    public static bool HasHidden(string text) => HasLoneSurrogate(text) || text.EnumerateRunes().Any(IsHidden);

    private static bool IsHidden(Rune rune) => rune.Value is not ('\t' or '\n' or '\r') && Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool HasLoneSurrogate(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index])) continue;
            if (index + 1 >= text.Length || !char.IsSurrogatePair(text[index], text[index + 1])) return true;
            index++;
        }

        return false;
    }
}
