namespace StarPortal.Core.Registry;

/// <summary>What administrators say of a resource.</summary>
/// <param name="Name">2 to 60 lower-case letters, digits and hyphens: it is part of URLs.</param>
/// <param name="HasGridMapfile">Whether its machines read a grid-mapfile.</param>
/// <param name="SharedAccount">The local account of everybody whose permission names none; null: one's own user name.</param>
public sealed record ResourceTerms(string Name, string Description, bool HasGridMapfile, string? SharedAccount)
{
    public const int MaxName = 60;

    public const int MaxDescription = 500;

    public static bool IsName(string? text) => text is { Length: >= 2 and <= MaxName } && char.IsAsciiLetterLower(text[0]) && text.All(each => char.IsAsciiLetterLower(each) || char.IsAsciiDigit(each) || each == '-');

    /// <exception cref="Shared.ServiceException">Invalid beside Name, Description or SharedAccount.</exception>
    internal ResourceTerms Check()
    {
        var name = Name.Trim();
        if (!IsName(name)) throw RegistryErrors.Field(nameof(Name), $"A name has 2 to {MaxName} lower-case letters, digits and hyphens, and begins with a letter.");
        var description = Description.Trim();
        if (description.Length > MaxDescription) throw RegistryErrors.Field(nameof(Description), $"At most {MaxDescription} characters.");
        return new(name, description, HasGridMapfile, LocalAccount.Parse(SharedAccount, nameof(SharedAccount)));
    }
}
