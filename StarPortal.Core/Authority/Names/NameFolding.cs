using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Authority;

/// <summary>
/// Turns a full name in any script that has a usual Latin spelling into printable ASCII: grid tools compare names byte by byte and
/// write them into grid-mapfiles. Latin letters lose their marks (é→e, ø→o, ß→ss), Greek and Cyrillic are transliterated.
/// </summary>
public static partial class NameFolding
{
    private static readonly FrozenDictionary<char, string> Letters = new Dictionary<char, string>
    {
        ['ß'] = "ss", ['ẞ'] = "SS", ['æ'] = "ae", ['Æ'] = "AE", ['œ'] = "oe", ['Œ'] = "OE", ['ø'] = "o", ['Ø'] = "O", ['đ'] = "d", ['Đ'] = "D",
        ['ð'] = "d", ['Ð'] = "D", ['þ'] = "th", ['Þ'] = "Th", ['ł'] = "l", ['Ł'] = "L", ['ħ'] = "h", ['Ħ'] = "H", ['ı'] = "i", ['ŋ'] = "ng",
        ['Ŋ'] = "Ng", ['ŧ'] = "t", ['Ŧ'] = "T", ['ə'] = "a", ['Ə'] = "A", ['ĸ'] = "k",
        ['’'] = "'", ['‘'] = "'", ['ʼ'] = "'", ['ʻ'] = "'", ['´'] = "'", ['`'] = "'", ['‐'] = "-", ['‑'] = "-", ['–'] = "-", ['—'] = "-", ['·'] = ".",

        // Greek, after ISO 843 (marks are gone by then).
        ['α'] = "a", ['β'] = "v", ['γ'] = "g", ['δ'] = "d", ['ε'] = "e", ['ζ'] = "z", ['η'] = "i", ['θ'] = "th", ['ι'] = "i", ['κ'] = "k",
        ['λ'] = "l", ['μ'] = "m", ['ν'] = "n", ['ξ'] = "x", ['ο'] = "o", ['π'] = "p", ['ρ'] = "r", ['σ'] = "s", ['ς'] = "s", ['τ'] = "t",
        ['υ'] = "y", ['φ'] = "f", ['χ'] = "ch", ['ψ'] = "ps", ['ω'] = "o",

        // Cyrillic, after the passport practice (ICAO 9303).
        ['а'] = "a", ['б'] = "b", ['в'] = "v", ['г'] = "g", ['ґ'] = "g", ['ѓ'] = "g", ['д'] = "d", ['ђ'] = "dj", ['е'] = "e", ['ё'] = "e",
        ['є'] = "ie", ['ж'] = "zh", ['з'] = "z", ['ѕ'] = "dz", ['и'] = "i", ['і'] = "i", ['ї'] = "i", ['й'] = "i", ['ј'] = "j", ['к'] = "k",
        ['ќ'] = "k", ['л'] = "l", ['љ'] = "lj", ['м'] = "m", ['н'] = "n", ['њ'] = "nj", ['о'] = "o", ['п'] = "p", ['р'] = "r", ['с'] = "s",
        ['т'] = "t", ['ћ'] = "c", ['у'] = "u", ['ў'] = "u", ['ф'] = "f", ['х'] = "kh", ['ц'] = "ts", ['ч'] = "ch", ['џ'] = "dz", ['ш'] = "sh",
        ['щ'] = "shch", ['ъ'] = "ie", ['ы'] = "y", ['ь'] = "", ['э'] = "e", ['ю'] = "iu", ['я'] = "ia",
    }.ToFrozenDictionary();

    /// <exception cref="ServiceException">Invalid, field FullName: a character has no usual Latin spelling.</exception>
    public static string ToAscii(string name) =>
        TryToAscii(name, out var ascii, out var refused) ? ascii : throw AuthorityErrors.BadName("FullName",
            refused.Length == 0 ? "Enter your full name." : $"We can't write '{refused}' in Latin letters. Enter your name as your passport spells it in Latin letters.");

    /// <param name="name">Any text without broken surrogates; it is measured by the caller (<see cref="NameRules.FindProblem"/>).</param>
    /// <param name="ascii">Printable ASCII, single spaces, none at the ends.</param>
    /// <param name="refused">The first character without a usual Latin spelling; empty when nothing was left.</param>
    public static bool TryToAscii(string name, [NotNullWhen(true)] out string? ascii, out string refused)
    {
        (ascii, refused) = (null, "");
        if (!IsWellFormed(name)) return false;

        var folded = new StringBuilder(name.Length);
        // Composed first: й and ї are letters of their own, and only what is left without a spelling is taken apart.
        foreach (var rune in SpellGreekPairs(name.Normalize(NormalizationForm.FormKC)).EnumerateRunes())
        {
            if (!TryFold(rune, folded))
            {
                refused = rune.ToString();
                return false;
            }
        }

        var text = string.Join(' ', folded.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (text.Length == 0) return false;
        ascii = text;
        return true;
    }

    /// <summary>ISO 843 type 2: ου is ou; the υ of αυ, ευ and ηυ is v, or f before a voiceless consonant and at the end.</summary>
    private static string SpellGreekPairs(string text)
    {
        text = GreekOu().Replace(text, "${first}u");
        text = GreekFricative().Replace(text, "${first}f");
        return GreekVoiced().Replace(text, "${first}v");
    }

    [GeneratedRegex("(?<first>[οΟ])[υύΥΎ]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GreekOu();

    [GeneratedRegex("(?<first>[αΑεΕηΗ])[υύΥΎ](?=[θκξπσςτφχψΘΚΞΠΣΤΦΧΨ]|$|[^\\p{L}])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GreekFricative();

    [GeneratedRegex("(?<first>[αΑεΕηΗ])[υύΥΎ]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex GreekVoiced();

    private static bool TryFold(Rune rune, StringBuilder folded)
    {
        if (TryMap(rune, folded)) return true;
        if (Rune.IsWhiteSpace(rune) && !Rune.IsControl(rune))
        {
            folded.Append(' ');
            return true;
        }

        var mapped = false;
        foreach (var part in rune.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(part) is UnicodeCategory.NonSpacingMark) mapped = true;
            else if (TryMap(part, folded)) mapped = true;
            else return false;
        }

        return mapped;
    }

    private static bool TryMap(Rune rune, StringBuilder folded)
    {
        if (rune.Value is >= ' ' and <= '~')
        {
            folded.Append((char)(rune.Value == '`' ? '\'' : rune.Value));
            return true;
        }

        if (!rune.IsBmp) return false;
        var letter = (char)rune.Value;
        if (Letters.TryGetValue(letter, out var spelling))
        {
            folded.Append(spelling);
            return true;
        }

        if (!Letters.TryGetValue(char.ToLowerInvariant(letter), out spelling)) return false;
        if (spelling.Length > 0) folded.Append(char.ToUpperInvariant(spelling[0])).Append(spelling, 1, spelling.Length - 1);
        return true;
    }

    private static bool IsWellFormed(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (!char.IsSurrogate(text[index])) continue;
            if (index + 1 >= text.Length || !char.IsSurrogatePair(text[index], text[index + 1])) return false;
            index++;
        }

        return true;
    }
}
