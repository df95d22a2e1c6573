using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StarPortal.Core.Data;

internal sealed class OutboxMapping : IEntityTypeConfiguration<OutboxItem>
{
    public void Configure(EntityTypeBuilder<OutboxItem> builder)
    {
        builder.ToTable("Outbox");
        builder.Property(item => item.Kind).HasMaxLength(40);
        builder.Property(item => item.Key).HasMaxLength(200);
        builder.Property(item => item.LeasedBy).HasMaxLength(200);
        builder.Property(item => item.LastError).HasMaxLength(1000);
        builder.Property(item => item.Status).IsConcurrencyToken();
        builder.HasIndex(item => new { item.Kind, item.Key }).IsUnique();
        builder.HasIndex(item => new { item.Status, item.DueAt });
    }
}
