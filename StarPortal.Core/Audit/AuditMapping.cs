using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;

namespace StarPortal.Core.Audit;

public static class AuditSets
{
    extension(PortalDbContext db)
    {
        public DbSet<AuditRecord> AuditRecords => db.Set<AuditRecord>();
    }
}

internal sealed class AuditMapping : IEntityTypeConfiguration<AuditRecord>
{
    public void Configure(EntityTypeBuilder<AuditRecord> builder)
    {
        builder.ToTable("AuditRecords");
        builder.Property(record => record.ActorName).HasMaxLength(200);
        builder.Property(record => record.ActorAddress).HasMaxLength(60);
        builder.Property(record => record.ObjectType).HasMaxLength(40);
        builder.Property(record => record.ObjectId).HasMaxLength(200);
        builder.Property(record => record.Detail).HasMaxLength(2000);
        builder.Property(record => record.PreviousHash).HasMaxLength(64);
        builder.Property(record => record.Hash).HasMaxLength(64);
        builder.HasIndex(record => record.Sequence).IsUnique();
        builder.HasIndex(record => new { record.ObjectId, record.Sequence });
        builder.HasIndex(record => new { record.ObjectType, record.Sequence });
        builder.HasIndex(record => new { record.ActorName, record.Sequence });
        builder.HasIndex(record => new { record.Action, record.Sequence });
        builder.HasIndex(record => new { record.At, record.Sequence });
    }
}
