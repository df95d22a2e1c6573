using Microsoft.Extensions.Options;
using StarPortal.Core.Identity.Passphrases;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <param name="Problem">Why the passphrase is refused, in a sentence for people; null when it is accepted.</param>
/// <param name="Strength">0 (guessed at once) to 4 (beyond guessing).</param>
/// <param name="Advice">What would make it better; empty when nothing need be said.</param>
public sealed record PassphraseVerdict(string? Problem, int Strength, string Advice)
{
    public bool IsAcceptable => Problem is null;
}

/// <summary>
/// What a passphrase has to be: long enough and not guessable. No composition rules, no forced change (NIST SP 800-63B 5.1.1.2). A passphrase protects a
/// key that may be attacked offline, so besides the breached ones those are refused that are put together from breached ones, runs and the person's names.
/// </summary>
public sealed class PassphrasePolicy(IOptions<PortalOptions> portal)
{
    public const int MinLength = 12;
    public const int MaxLength = 200;

    /// <summary>Up to here it is refused: fewer than 10^8 guesses, minutes of one graphics card's work.</summary>
    private const int RefusedStrength = 1;

    private static readonly char[] Separators = [' ', '.', '@', '-', '_', ',', '\''];

    /// <param name="passphrase">As typed.</param>
    /// <param name="personal">User name, full name, e-mail address and the like: what somebody who knows the person tries first.</param>
    public PassphraseVerdict Check(string passphrase, IEnumerable<string> personal)
    {
        if (string.IsNullOrEmpty(passphrase)) return new($"Choose a passphrase of at least {MinLength} characters.", 0, "Four or more unrelated words make a good one.");
        if (passphrase.Length > MaxLength) return new($"A passphrase has at most {MaxLength} characters.", 0, "");
        if (passphrase.Any(char.IsControl)) return new("A passphrase has no control characters, such as line breaks.", 0, "");

        var strength = StrengthOf(passphrase, personal);
        if (passphrase.Length < MinLength)
            return new($"A passphrase has at least {MinLength} characters: {MinLength - passphrase.Length} more.", Math.Min(strength, 1), "Add another word.");
        if (CommonWords.Passwords.ContainsKey(passphrase.ToLowerInvariant()))
            return new("This passphrase is on lists of breached ones: it would be tried among the first. Choose another.", 0, "Four or more unrelated words make a good one.");
        return strength <= RefusedStrength
            ? new("This is easily guessed: it is put together from common passwords, patterns or your own names.", strength, "Use unrelated words that nobody connects with you.")
            : new(null, strength, strength == 4 ? "" : "Good. Another unrelated word would make it stronger still.");
    }

    /// <exception cref="ServiceException">Invalid, beside <paramref name="field"/>.</exception>
    public void Require(string passphrase, IEnumerable<string> personal, string field)
    {
        if (Check(passphrase, personal).Problem is { } problem) throw AccountErrors.PassphraseUnusable(problem, field);
    }

    private int StrengthOf(string passphrase, IEnumerable<string> personal)
    {
        var words = personal.Append(portal.Value.Name).Append("starportal").Where(text => !string.IsNullOrWhiteSpace(text))
            .SelectMany(text => text.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Append(text))
            .Where(word => word.Length >= 3).Select(word => word.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        return GuessEstimate.Log10(passphrase, words) switch { < 6 => 0, < 8 => 1, < 11 => 2, < 14 => 3, _ => 4 };
    }
}
