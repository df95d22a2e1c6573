using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

public static class AcmeAccountSets
{
    extension(PortalDbContext db)
    {
        public DbSet<AcmeAccount> AcmeAccounts => db.Set<AcmeAccount>();

        public DbSet<ExternalAccountKey> ExternalAccountKeys => db.Set<ExternalAccountKey>();
    }
}

internal sealed class AcmeAccountMapping : IEntityTypeConfiguration<AcmeAccount>
{
    public void Configure(EntityTypeBuilder<AcmeAccount> builder)
    {
        builder.ToTable("AcmeAccounts");
        builder.Property(account => account.Id).ValueGeneratedNever();
        builder.Property(account => account.Directory).HasMaxLength(40).HasDefaultValue("/acme");
        builder.Property(account => account.Thumbprint).HasMaxLength(43).IsConcurrencyToken();
        builder.Property(account => account.Jwk).HasMaxLength(2000);
        builder.Property(account => account.Status).IsConcurrencyToken();
        builder.Property(account => account.AgreedTerms).HasMaxLength(500);
        builder.Property(account => account.ExternalAccountBinding).HasMaxLength(8000);
        builder.Property(account => account.LastAddress).HasMaxLength(60);
        builder.Property(account => account.LastUserAgent).HasMaxLength(300);
        builder.HasIndex(account => new { account.Thumbprint, account.Directory }).IsUnique();
        builder.HasIndex(account => account.OwnerId);
        builder.HasIndex(account => account.CreatedAt);
        builder.HasOne<ExternalAccountKey>().WithMany().HasForeignKey(account => account.ExternalAccountKeyId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class ExternalAccountKeyMapping : IEntityTypeConfiguration<ExternalAccountKey>
{
    public void Configure(EntityTypeBuilder<ExternalAccountKey> builder)
    {
        builder.ToTable("AcmeExternalAccountKeys");
        builder.Property(key => key.Id).ValueGeneratedNever();
        builder.Property(key => key.Directory).HasMaxLength(40).HasDefaultValue("/acme");
        builder.Property(key => key.KeyId).HasMaxLength(40);
        builder.Property(key => key.SealedMacKey).HasMaxLength(200);
        builder.Property(key => key.Label).HasMaxLength(200);
        builder.Property(key => key.Profile).HasMaxLength(100);
        builder.Property(key => key.CreatedBy).HasMaxLength(200);
        builder.Property(key => key.UseCount).IsConcurrencyToken();
        builder.Property(key => key.RevokedAt).IsConcurrencyToken();
        builder.HasIndex(key => key.KeyId).IsUnique();
        builder.HasIndex(key => key.OwnerId);
        builder.HasIndex(key => key.CreatedAt);
    }
}
