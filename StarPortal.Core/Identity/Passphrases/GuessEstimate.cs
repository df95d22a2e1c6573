namespace StarPortal.Core.Identity.Passphrases;

/// <summary>
/// How many tries somebody needs who guesses in the order people choose: the cheapest way to put the passphrase together from breached
/// passwords, words, personal names, runs, repeats, years and single characters. After D. L. Wheeler, "zxcvbn: Low-Budget Password Strength
/// Estimation", USENIX Security 2016; simplified (no dates but years, no spatial graph but rows and columns of the keyboard).
/// </summary>
internal sealed class GuessEstimate
{
    private const int LongestWord = 24;

    /// <summary>Not knowing into how many pieces, in which order: a factor of two a piece.</summary>
    private const double PiecePenalty = 0.3;

    private static readonly string[] KeyboardRuns =
    [
        "`1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujmikolp",
    ];

    private static readonly string[] Runs = [.. KeyboardRuns.Concat(["abcdefghijklmnopqrstuvwxyz", "01234567890"]).SelectMany(run => new[] { run, Reverse(run) })];

    private readonly string text;
    private readonly string lowered;
    private readonly string plain;
    private readonly HashSet<string> personal;

    private GuessEstimate(string text, HashSet<string> personal)
    {
        (this.text, this.personal) = (text, personal);
        lowered = text.ToLowerInvariant();
        plain = Unleet(lowered);
    }

    /// <summary>Decimal logarithm of the number of guesses.</summary>
    /// <param name="text">At most a few hundred characters: the work grows with the square of the length.</param>
    /// <param name="personal">Words that an attacker would try first, in lower case.</param>
    public static double Log10(string text, HashSet<string> personal) => new GuessEstimate(text, personal).Cheapest();

    private double Cheapest()
    {
        var best = new double[text.Length + 1];
        for (var end = 1; end <= text.Length; end++)
        {
            best[end] = best[end - 1] + OfCharacter(text[end - 1]);
            for (var start = 0; start < end - 2; start++)
            {
                var piece = (start == 0 ? 0 : PiecePenalty) + OfPiece(start, end - start);
                best[end] = Math.Min(best[end], best[start] + piece);
            }
        }

        return best[^1];
    }

    private double OfPiece(int start, int length) =>
        Math.Min(Math.Min(OfWord(start, length), OfRun(start, length)), Math.Min(OfRepeat(start, length), OfYear(start, length)));

    private double OfWord(int start, int length)
    {
        if (length > LongestWord) return double.PositiveInfinity;
        var asTyped = lowered.Substring(start, length);
        var unleeted = plain.Substring(start, length);
        var guesses = Math.Min(Math.Min(Rank(asTyped), Rank(Reverse(asTyped)) * 2), asTyped == unleeted ? double.PositiveInfinity : Rank(unleeted) * 4);
        return Math.Log10(guesses) + OfCapitals(text.AsSpan(start, length));
    }

    private double Rank(string word) => personal.Contains(word) ? 2
        : Math.Min(
            CommonWords.Passwords.TryGetValue(word, out var password) ? password + 1 : double.PositiveInfinity,
            CommonWords.Words.TryGetValue(word, out var common) ? common + 1 : double.PositiveInfinity);

    private static double OfCapitals(ReadOnlySpan<char> word)
    {
        var capitals = 0;
        foreach (var character in word) capitals += char.IsUpper(character) ? 1 : 0;
        if (capitals == 0) return 0;
        return capitals == word.Length || (capitals == 1 && char.IsUpper(word[0])) ? 0.3 : Math.Min(capitals, word.Length - capitals) + 0.5;
    }

    private double OfRun(int start, int length)
    {
        var piece = lowered.Substring(start, length);
        return Runs.Any(run => run.Contains(piece, StringComparison.Ordinal)) ? Math.Log10(40 * length) : double.PositiveInfinity;
    }

    /// <summary>The same piece again and again costs the piece and the count.</summary>
    private double OfRepeat(int start, int length)
    {
        var piece = text.AsSpan(start, length);
        for (var period = 1; period <= length / 2; period++)
        {
            if (length % period != 0 || !piece[period..].SequenceEqual(piece[..^period])) continue;
            return new GuessEstimate(text.Substring(start, period), personal).Cheapest() + Math.Log10(length / (double)period);
        }

        return double.PositiveInfinity;
    }

    private double OfYear(int start, int length) =>
        length == 4 && int.TryParse(text.AsSpan(start, length), out var year) && year is >= 1900 and < 2100 ? 2 : double.PositiveInfinity;

    private static double OfCharacter(char character) => char.IsAsciiDigit(character) ? 1 : char.IsLetter(character) ? 1.3 : 1.5;

    private static string Unleet(string lowered) => string.Create(lowered.Length, lowered, (span, source) =>
    {
        for (var index = 0; index < source.Length; index++)
        {
            span[index] = source[index] switch
            {
                '4' or '@' => 'a', '3' => 'e', '1' or '!' => 'i', '0' => 'o', '5' or '$' => 's', '7' or '+' => 't', '8' => 'b', '9' => 'g', var other => other,
            };
        }
    });

    private static string Reverse(string word)
    {
        var characters = word.ToCharArray();
        Array.Reverse(characters);
        return new string(characters);
    }
}
