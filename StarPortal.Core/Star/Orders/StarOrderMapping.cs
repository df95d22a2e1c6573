using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Acme;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Star;

public static class StarSets
{
    extension(PortalDbContext db)
    {
        public DbSet<StarOrder> StarOrders => db.Set<StarOrder>();

        public DbSet<StarCertificate> StarCertificates => db.Set<StarCertificate>();
    }
}

internal sealed class StarOrderMapping : IEntityTypeConfiguration<StarOrder>
{
    public void Configure(EntityTypeBuilder<StarOrder> builder)
    {
        builder.ToTable("StarOrders");
        builder.SplitToTable("StarSchedules", schedule => // What each renewal writes: a short row with few indexes.
        {
            schedule.Property(order => order.NextSlot);
            schedule.Property(order => order.DueAt);
            schedule.Property(order => order.LastNotAfter);
            schedule.Property(order => order.Trouble);
            schedule.Property(order => order.TroubleSince);
        });
        builder.Property(order => order.Id).ValueGeneratedNever();
        builder.Property(order => order.Status).IsConcurrencyToken();
        builder.Property(order => order.NextSlot).IsConcurrencyToken();
        builder.Property(order => order.DueAt).IsConcurrencyToken(); // Ends with the status: whoever renews writes the schedule alone, and learns of a cancellation here.
        builder.Property(order => order.Profile).HasMaxLength(40);
        builder.Property(order => order.Issuer).HasMaxLength(40);
        builder.Property(order => order.BodyMadeBy).HasMaxLength(40);
        builder.Property(order => order.KeyHash).HasMaxLength(64);
        builder.Property(order => order.Trouble).HasMaxLength(1000);
        builder.Property(order => order.CancelReason).HasMaxLength(1000);
        builder.Property(order => order.LastFetchFrom).HasMaxLength(60);
        builder.Ignore(order => order.Schedule).Ignore(order => order.Identifiers).Ignore(order => order.CertificateBody);
        builder.HasOne<AcmeOrder>().WithOne().HasForeignKey<StarOrder>(order => order.Id).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(order => order.FetchId).IsUnique();
        builder.HasIndex(order => order.DueAt);
        builder.HasIndex(order => order.TroubleSince).HasFilter("\"TroubleSince\" IS NOT NULL"); // Few are.
        builder.HasIndex(order => new { order.AccountId, order.Status, order.EndDate });
        builder.HasIndex(order => order.CreatedAt);
    }
}

internal sealed class StarCertificateMapping : IEntityTypeConfiguration<StarCertificate>
{
    public void Configure(EntityTypeBuilder<StarCertificate> builder)
    {
        builder.ToTable("StarCertificates");
        builder.HasKey(certificate => new { certificate.OrderId, certificate.Slot });
        builder.Property(certificate => certificate.OrderId).ValueGeneratedNever();
        builder.Property(certificate => certificate.Slot).ValueGeneratedNever();
        builder.Property(certificate => certificate.SerialNumber).HasConversion<SerialNumberConverter>().HasMaxLength(SerialNumber.Length);
        builder.HasIndex(certificate => certificate.SerialNumber).IsUnique();
        builder.HasIndex(certificate => certificate.NotAfter);
    }
}
