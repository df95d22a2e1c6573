using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

public static class AcmeNamespaceSets
{
    extension(PortalDbContext db)
    {
        public DbSet<AcmeNamespace> AcmeNamespaces => db.Set<AcmeNamespace>();
    }
}

internal sealed class AcmeNamespaceMapping : IEntityTypeConfiguration<AcmeNamespace>
{
    public void Configure(EntityTypeBuilder<AcmeNamespace> builder)
    {
        builder.ToTable("AcmeNamespaces");
        builder.Property(claim => claim.Suffix).HasMaxLength(253);
        builder.Property(claim => claim.Reason).HasMaxLength(500);
        builder.Property(claim => claim.Note).HasMaxLength(500);
        builder.Property(claim => claim.State).IsConcurrencyToken();
        builder.Ignore(claim => claim.ProofName).Ignore(claim => claim.ProofText);
        builder.HasIndex(claim => new { claim.Suffix, claim.State });
        builder.HasIndex(claim => new { claim.OwnerId, claim.AskedAt });
        builder.HasIndex(claim => new { claim.State, claim.AskedAt });
    }
}
