using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Renewal;

public static class RenewalSets
{
    extension(PortalDbContext db)
    {
        public DbSet<CertificateRenewal> CertificateRenewals => db.Set<CertificateRenewal>();

        public DbSet<RenewalNotice> RenewalNotices => db.Set<RenewalNotice>();

        public DbSet<MutedNotices> MutedNotices => db.Set<MutedNotices>();

        public DbSet<AddressChange> AddressChanges => db.Set<AddressChange>();

        public DbSet<Entitlement> Entitlements => db.Set<Entitlement>();
    }
}

internal sealed class CertificateRenewalMapping : IEntityTypeConfiguration<CertificateRenewal>
{
    public void Configure(EntityTypeBuilder<CertificateRenewal> builder)
    {
        builder.ToTable("CertificateRenewals");
        builder.HasKey(renewal => renewal.CertificateId);
        builder.Property(renewal => renewal.CertificateId).ValueGeneratedNever();
        builder.Property(renewal => renewal.Version).IsConcurrencyToken();
        builder.HasIndex(renewal => renewal.ReplacementId).IsUnique();
        builder.HasIndex(renewal => renewal.UserId);
        builder.HasOne<IssuedCertificate>().WithOne().HasForeignKey<CertificateRenewal>(renewal => renewal.CertificateId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<IssuedCertificate>().WithOne().HasForeignKey<CertificateRenewal>(renewal => renewal.ReplacementId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class RenewalNoticeMapping : IEntityTypeConfiguration<RenewalNotice>
{
    public void Configure(EntityTypeBuilder<RenewalNotice> builder)
    {
        builder.ToTable("RenewalNotices");
        builder.HasKey(notice => new { notice.CertificateId, notice.Slot });
        builder.HasOne<IssuedCertificate>().WithMany().HasForeignKey(notice => notice.CertificateId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class MutedNoticesMapping : IEntityTypeConfiguration<MutedNotices>
{
    public void Configure(EntityTypeBuilder<MutedNotices> builder)
    {
        builder.ToTable("MutedNotices");
        builder.HasKey(muted => muted.UserId);
        builder.Property(muted => muted.UserId).ValueGeneratedNever();
        builder.HasOne<PortalUser>().WithOne().HasForeignKey<MutedNotices>(muted => muted.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class AddressChangeMapping : IEntityTypeConfiguration<AddressChange>
{
    public void Configure(EntityTypeBuilder<AddressChange> builder)
    {
        builder.ToTable("AddressChanges");
        builder.Property(change => change.Id).ValueGeneratedNever();
        builder.Property(change => change.Address).HasMaxLength(AddressChange.MaxAddress);
        builder.HasIndex(change => change.UserId);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(change => change.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class EntitlementMapping : IEntityTypeConfiguration<Entitlement>
{
    public void Configure(EntityTypeBuilder<Entitlement> builder)
    {
        builder.ToTable("Entitlements");
        builder.HasKey(entitlement => entitlement.UserId);
        builder.Property(entitlement => entitlement.UserId).ValueGeneratedNever();
        builder.Property(entitlement => entitlement.Version).IsConcurrencyToken();
        builder.HasIndex(entitlement => entitlement.WishedOrganisationId);
        builder.HasOne<PortalUser>().WithOne().HasForeignKey<Entitlement>(entitlement => entitlement.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
