using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>A member of the community: its people ask here, its officers decide.</summary>
public sealed class Organisation
{
    private Organisation()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>Unique, shown in lists and put into the subject's O attribute: printable ASCII.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Mail domains that its people are expected to write from, such as <c>example.org</c>; empty: any.</summary>
    public List<string> EmailDomains { get; private set; } = [];

    /// <summary>Whether people may ask for certificates here now.</summary>
    public bool IsOpen { get; private set; } = true;

    public DateTimeOffset CreatedAt { get; private set; }

    public static Organisation Create(string name, IEnumerable<string> emailDomains, DateTimeOffset now)
    {
        var organisation = new Organisation { CreatedAt = now };
        organisation.Change(name, emailDomains, isOpen: true);
        return organisation;
    }

    public void Change(string name, IEnumerable<string> emailDomains, bool isOpen)
    {
        name = name.Trim();
        if (name.Length is 0 or > 64 || name.Any(character => character is < ' ' or > '~'))
            throw new ServiceException(ErrorKind.Invalid, "The name has 1 to 64 printable ASCII characters: it becomes part of every subject.", nameof(Name));
        Name = name;
        EmailDomains = [.. emailDomains.Select(domain => domain.Trim().TrimStart('@').ToLowerInvariant()).Where(domain => domain.Length > 0).Distinct(StringComparer.Ordinal)];
        IsOpen = isOpen;
    }
}
