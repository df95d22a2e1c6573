using StarPortal.Core.Shared;

namespace StarPortal.Core.Registry;

/// <summary>Something that people are let use: a cluster, a code, a data service. Its owners decide who.</summary>
public sealed class RegistryResource
{
    private RegistryResource()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>Unique, also among those that are closed.</summary>
    public string Name { get; private set; } = "";

    public string Description { get; private set; } = "";

    public bool HasGridMapfile { get; private set; }

    /// <summary>As <see cref="ResourceTerms.SharedAccount"/>.</summary>
    public string? SharedAccount { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Null: it is in use.</summary>
    public DateTimeOffset? ClosedAt { get; private set; }

    /// <summary>Of two changes at once the second starts over.</summary>
    public int Revision { get; private set; }

    internal static RegistryResource Create(ResourceTerms terms, DateTimeOffset now)
    {
        var resource = new RegistryResource { Name = terms.Name, CreatedAt = now };
        resource.Apply(terms);
        return resource;
    }

    /// <summary>Everything but the name, which machines know.</summary>
    /// <exception cref="ServiceException">Conflict: closed.</exception>
    internal void Change(ResourceTerms terms)
    {
        if (ClosedAt is not null) throw RegistryErrors.Ended();
        Apply(terms);
    }

    /// <summary>Nobody may use it any more, for good.</summary>
    /// <exception cref="ServiceException">Conflict: closed already.</exception>
    internal void Close(DateTimeOffset now)
    {
        if (ClosedAt is not null) throw RegistryErrors.Ended();
        ClosedAt = now;
        Revision++;
    }

    private void Apply(ResourceTerms terms)
    {
        (Description, HasGridMapfile, SharedAccount) = (terms.Description, terms.HasGridMapfile, terms.SharedAccount);
        Revision++;
    }
}
