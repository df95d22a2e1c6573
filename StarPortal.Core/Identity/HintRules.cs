namespace StarPortal.Core.Identity;

/// <summary>What a hint to a passphrase may be: it is kept, and mailed, as it was written.</summary>
public static class HintRules
{
    public const int MaxLength = 200;

    /// <returns>What is wrong with it, in a sentence for people; null: nothing.</returns>
    public static string? FindProblem(string? hint, string? passphrase)
    {
        if (hint is null) return null;
        if (hint.Length > MaxLength) return $"A hint has at most {MaxLength} characters.";
        if (hint.Any(char.IsControl)) return "A hint is one line, without control characters.";
        return Tells(hint, passphrase) ? "The hint must not contain the passphrase, nor most of it: whoever reads the mail would know it." : null;
    }

    /// <summary>Whether the passphrase, or most of it, stands in the hint: forwards or backwards, in whatever case and spacing.</summary>
    internal static bool Tells(string? hint, string? passphrase)
    {
        var (told, secret) = (Bare(hint), Bare(passphrase));
        if (told.Length == 0 || secret.Length == 0) return false;
        var most = Math.Max(4, secret.Length * 2 / 3);
        return Enumerable.Range(0, Math.Max(0, secret.Length - most + 1)).Any(start => told.Contains(secret.Substring(start, most), StringComparison.Ordinal))
            || told.Contains(Reverse(secret), StringComparison.Ordinal) || (told.Length >= 4 && told == secret);
    }

    private static string Bare(string? text) => text is null || text.Length > PassphrasePolicy.MaxLength * 2
        ? ""
        : new([.. text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);

    private static string Reverse(string text) => new([.. text.Reverse()]);
}
