using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Credentials;

public static class CredentialSets
{
    extension(PortalDbContext db)
    {
        public DbSet<Credential> Credentials => db.Set<Credential>();
    }
}

internal sealed class CredentialMapping : IEntityTypeConfiguration<Credential>
{
    public void Configure(EntityTypeBuilder<Credential> builder)
    {
        builder.ToTable("Credentials");
        builder.Property(credential => credential.Id).ValueGeneratedNever();
        builder.Property(credential => credential.Attempts).IsConcurrencyToken();
        builder.HasIndex(credential => credential.CertificateId).IsUnique();
        builder.HasIndex(credential => credential.UserId);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(credential => credential.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<IssuedCertificate>().WithMany().HasForeignKey(credential => credential.CertificateId).OnDelete(DeleteBehavior.Restrict);
    }
}
