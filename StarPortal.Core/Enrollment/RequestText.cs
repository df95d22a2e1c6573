using System.Globalization;
using System.Text;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>Rules for what people type: line breaks and tabs in longer texts are fine, what hides or reorders text is not.</summary>
public static class RequestText
{
    /// <returns>The text in normal form C, without white space at its ends.</returns>
    /// <exception cref="ServiceException">Invalid, beside <paramref name="field"/>: empty, too long, or with hidden characters.</exception>
    public static string Required(string? text, int maxLength, string field)
    {
        var trimmed = Clean(text, maxLength, field);
        return trimmed.Length > 0 ? trimmed : throw RequestErrors.Missing(field);
    }

    /// <exception cref="ServiceException">Invalid, beside <paramref name="field"/>: too long, or with hidden characters.</exception>
    public static string Clean(string? text, int maxLength, string field)
    {
        if (text is null) return "";
        if (text.Length > maxLength * 2) throw RequestErrors.TooLong(field, maxLength);
        if (HasHidden(text)) throw RequestErrors.HiddenCharacters(field);
        var trimmed = text.ReplaceLineEndings("\n").Normalize(NormalizationForm.FormC).Trim();
        return trimmed.Length <= maxLength ? trimmed : throw RequestErrors.TooLong(field, maxLength);
    }

    /// <summary>
    /// Whether there are control characters (other than tab and line break), lone surrogates, unassigned or private-use code points, or
    /// format characters: bidirectional overrides, zero-width spaces and the like (Unicode TR 36, "Trojan Source").
    /// </summary>
    public static bool HasHidden(string text) => text.EnumerateRunes().Any(IsHidden) || HasLoneSurrogate(text);

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
