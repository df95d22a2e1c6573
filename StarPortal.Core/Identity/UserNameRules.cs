namespace StarPortal.Core.Identity;

/// <summary>
/// What a user name may be: 3 to 32 ASCII letters, digits and <c>. _ -</c>, beginning with a letter. It becomes part of URLs, file names and
/// the MyProxy protocol's lines, so nothing that any of these treats specially is let in.
/// </summary>
public static class UserNameRules
{
    public const int MinLength = 3;
    public const int MaxLength = 32;

    /// <summary>Every character that a user name may hold: what ASP.NET Core Identity is configured with.</summary>
    public const string AllowedCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    /// <summary>Names that would read as the portal itself in logs, mails and addresses.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "anonymous", "system", "root", "nobody", "postmaster", "hostmaster", "webmaster", "abuse", "security", "starportal",
    };

    /// <returns>What is wrong with the name, in a sentence for people; null when nothing is.</returns>
    public static string? Problem(string? userName)
    {
        if (string.IsNullOrEmpty(userName)) return "Choose a user name.";
        if (userName.Length is < MinLength or > MaxLength) return $"A user name has {MinLength} to {MaxLength} characters.";
        if (!char.IsAsciiLetter(userName[0])) return "A user name begins with a letter (a to z).";
        if (!userName.All(character => AllowedCharacters.Contains(character, StringComparison.Ordinal)))
            return "A user name has only letters without accents, digits, dot, underscore and hyphen.";
        if (!char.IsAsciiLetterOrDigit(userName[^1])) return "A user name ends with a letter or a digit.";
        if (userName.Contains("..", StringComparison.Ordinal)) return "A user name has no two dots in a row.";
        return Reserved.Contains(userName) ? "This name is reserved. Choose another one." : null;
    }
}
