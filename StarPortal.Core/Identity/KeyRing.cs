using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;

namespace StarPortal.Core.Identity;

/// <summary>One element of ASP.NET Core's data-protection key ring. The keys in it are sealed before they come here.</summary>
public sealed class KeyRingElement
{
    public int Id { get; private set; }

    public required string FriendlyName { get; init; }

    public required string Xml { get; init; }
}

internal sealed class KeyRingMapping : IEntityTypeConfiguration<KeyRingElement>
{
    public void Configure(EntityTypeBuilder<KeyRingElement> builder)
    {
        builder.ToTable("KeyRing");
        builder.Property(element => element.FriendlyName).HasMaxLength(200);
    }
}

/// <summary>Keeps the key ring in the database, so that every node opens what another one protected. The interface is synchronous by nature.</summary>
public sealed class DatabaseKeyRing(IDbContextFactory<PortalDbContext> contexts) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var db = contexts.CreateDbContext();
        return [.. db.Set<KeyRingElement>().AsNoTracking().OrderBy(element => element.Id).AsEnumerable().Select(element => XElement.Parse(element.Xml))];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var db = contexts.CreateDbContext();
        db.Add(new KeyRingElement { FriendlyName = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        db.SaveChanges();
    }
}
