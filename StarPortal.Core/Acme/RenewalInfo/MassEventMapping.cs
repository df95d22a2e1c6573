using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

public static class AcmeMassEventSets
{
    extension(PortalDbContext db)
    {
        public DbSet<AcmeMassEvent> AcmeMassEvents => db.Set<AcmeMassEvent>();
    }
}

internal sealed class AcmeMassEventMapping : IEntityTypeConfiguration<AcmeMassEvent>
{
    public void Configure(EntityTypeBuilder<AcmeMassEvent> builder)
    {
        builder.ToTable("AcmeMassEvents");
        builder.Property(declared => declared.Profile).HasMaxLength(40);
        builder.Property(declared => declared.Suffix).HasMaxLength(253);
        builder.Property(declared => declared.ExplanationUrl).HasMaxLength(500);
        builder.Property(declared => declared.Reason).HasMaxLength(500);
        builder.Property(declared => declared.DeclaredBy).HasMaxLength(200);
        builder.Property(declared => declared.EndedAt).IsConcurrencyToken();
        builder.HasIndex(declared => declared.DeclaredAt);
    }
}
