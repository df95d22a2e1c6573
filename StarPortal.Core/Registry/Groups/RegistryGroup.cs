using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>People who are let use things together. Whoever made it says who is in it, and administrators.</summary>
public sealed class RegistryGroup
{
    public const int MaxName = 60;

    private RegistryGroup()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>Unique.</summary>
    public string Name { get; private set; } = "";

    public string Description { get; private set; } = "";

    /// <summary>Who made it; that person may be gone.</summary>
    public Guid OwnerId { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <exception cref="ServiceException">Invalid beside Name or Description.</exception>
    internal static RegistryGroup Create(string? name, string? description, Guid ownerId, DateTimeOffset now)
    {
        var (label, words) = ((name ?? "").Trim(), (description ?? "").Trim());
        if (!ResourceTerms.IsName(label)) throw RegistryErrors.Field(nameof(Name), $"A name has 2 to {MaxName} lower-case letters, digits and hyphens, and begins with a letter.");
        if (words.Length > ResourceTerms.MaxDescription) throw RegistryErrors.Field(nameof(Description), $"At most {ResourceTerms.MaxDescription} characters.");
        return new() { Name = label, Description = words, OwnerId = ownerId, CreatedAt = now };
    }
}
