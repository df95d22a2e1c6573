using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using StarPortal.Core.Data;

namespace StarPortal.Core.Authority;

public static class AuthoritySets
{
    extension(PortalDbContext db)
    {
        public DbSet<IssuedCertificate> IssuedCertificates => db.Set<IssuedCertificate>();

        public DbSet<PublishedCrl> PublishedCrls => db.Set<PublishedCrl>();

        public DbSet<OcspSigner> OcspSigners => db.Set<OcspSigner>();

        public DbSet<HostCertificate> HostCertificates => db.Set<HostCertificate>();
    }
}

internal sealed class SerialNumberConverter() : ValueConverter<SerialNumber, string>(serial => serial.ToString(), text => SerialNumber.Parse(text));

internal sealed class IssuedCertificateMapping : IEntityTypeConfiguration<IssuedCertificate>
{
    public void Configure(EntityTypeBuilder<IssuedCertificate> builder)
    {
        builder.ToTable("IssuedCertificates");
        // The encoding is most of a row and nobody searches it: in a table of its own, the inventory's scans read a third of the pages.
        builder.SplitToTable("CertificateBodies", body => body.Property(certificate => certificate.Der));
        builder.Property(certificate => certificate.SerialNumber).HasConversion<SerialNumberConverter>().HasMaxLength(SerialNumber.Length);
        builder.Property(certificate => certificate.Issuer).HasMaxLength(40);
        builder.Property(certificate => certificate.Profile).HasMaxLength(40);
        builder.Property(certificate => certificate.Subject).HasMaxLength(OrderLinter.MaxSubjectLength);
        builder.Property(certificate => certificate.SourceKey).HasMaxLength(200);
        builder.Property(certificate => certificate.KeyHash).HasMaxLength(64);
        builder.Property(certificate => certificate.SearchText).HasMaxLength(4000);
        builder.Property(certificate => certificate.RevokedAt).IsConcurrencyToken();
        builder.HasIndex(certificate => certificate.SerialNumber).IsUnique();
        builder.HasIndex(certificate => certificate.SourceKey).IsUnique();
        builder.HasIndex(certificate => certificate.KeyHash);
        builder.HasIndex(certificate => certificate.Subject);
        builder.HasIndex(certificate => certificate.UserId);
        builder.HasIndex(certificate => new { certificate.OrganisationId, certificate.NotAfter });
        builder.HasIndex(certificate => new { certificate.Issuer, certificate.RevokedAt });
        builder.HasIndex(certificate => new { certificate.NotAfter, certificate.Id });
        builder.HasIndex(certificate => new { certificate.IssuedAt, certificate.Id });
        builder.HasIndex(certificate => new { certificate.RevokedAt, certificate.NotAfter });
    }
}

internal sealed class PublishedCrlMapping : IEntityTypeConfiguration<PublishedCrl>
{
    public void Configure(EntityTypeBuilder<PublishedCrl> builder)
    {
        builder.ToTable("PublishedCrls");
        builder.Property(crl => crl.Issuer).HasMaxLength(40);
        builder.HasIndex(crl => new { crl.Issuer, crl.Number }).IsUnique();
    }
}

internal sealed class OcspSignerMapping : IEntityTypeConfiguration<OcspSigner>
{
    public void Configure(EntityTypeBuilder<OcspSigner> builder)
    {
        builder.ToTable("OcspSigners");
        builder.Property(signer => signer.Issuer).HasMaxLength(40);
        builder.HasIndex(signer => new { signer.Issuer, signer.NotAfter });
    }
}

internal sealed class HostCertificateMapping : IEntityTypeConfiguration<HostCertificate>
{
    public void Configure(EntityTypeBuilder<HostCertificate> builder)
    {
        builder.ToTable("HostCertificates");
        builder.Property(certificate => certificate.Names).HasMaxLength(800);
        builder.HasIndex(certificate => new { certificate.Names, certificate.CreatedAt });
        builder.HasOne<IssuedCertificate>().WithMany().HasForeignKey(certificate => certificate.CertificateId).OnDelete(DeleteBehavior.Restrict);
    }
}
