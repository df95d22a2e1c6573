using System.Globalization;
using System.Text;

namespace StarPortal.Core.Mail;

/// <summary>Somebody else's text as pages and the database may have it: what would hide, reorder or break is written out.</summary>
public static class ShownText
{
    /// <param name="text">Anything.</param>
    /// <param name="maxLength">Characters; what is cut ends with an ellipsis.</param>
    /// <param name="lines">Whether line breaks and tabs stay; else they become spaces.</param>
    public static string Of(string text, int maxLength, bool lines = false)
    {
        var result = new StringBuilder();
        foreach (var rune in (lines ? text.ReplaceLineEndings("\n") : text).EnumerateRunes())
        {
            var shown = rune switch
            {
                { Value: '\n' or '\t' } => lines ? rune.ToString() : " ",
                { Value: '\r' } => " ",
                _ when Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                    or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => $"⟨{rune.Value:x4}⟩",
                _ => rune.ToString(),
            };
            if (result.Length + shown.Length > maxLength - 1) return result.Append('…').ToString();
            result.Append(shown);
        }

        return result.ToString();
    }
}
