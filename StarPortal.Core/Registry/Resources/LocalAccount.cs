namespace StarPortal.Core.Registry;

/// <summary>Names of accounts on the machines that a resource is made of.</summary>
internal static class LocalAccount
{
    public const int MaxLength = 32;

    /// <summary>Letters, digits and <c>. _ -</c>, beginning with a letter or an underscore: nothing that a grid-mapfile or a shell reads in another way. <c>root</c> is none.</summary>
    public static bool IsName(string text) =>
        text.Length is > 0 and <= MaxLength && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.All(each => char.IsAsciiLetterOrDigit(each) || each is '.' or '_' or '-') && text is not "root";

    /// <returns>Null: none is given.</returns>
    /// <exception cref="Shared.ServiceException">Invalid beside the field.</exception>
    public static string? Parse(string? text, string field)
    {
        if (text?.Trim() is not { Length: > 0 } account) return null;
        return IsName(account) ? account : throw RegistryErrors.Field(field, "An account has letters, digits, dot, underscore and hyphen, begins with a letter or underscore, has 32 characters at most, and is not root.");
    }
}
