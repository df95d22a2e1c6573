using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.MyProxy;

public static class MyProxySets
{
    extension(PortalDbContext db)
    {
        public DbSet<StoredCredential> StoredCredentials => db.Set<StoredCredential>();

        internal DbSet<LogonAttempts> LogonAttempts => db.Set<LogonAttempts>();
    }
}

internal sealed class StoredCredentialMapping : IEntityTypeConfiguration<StoredCredential>
{
    private const int HashLength = 64;

    public void Configure(EntityTypeBuilder<StoredCredential> builder)
    {
        builder.ToTable("StoredCredentials");
        builder.Property(credential => credential.Id).ValueGeneratedNever();
        builder.Property(credential => credential.UserName).HasMaxLength(CredentialKey.MaxUserName);
        builder.Property(credential => credential.CredentialName).HasMaxLength(CredentialKey.MaxCredentialName);
        builder.Property(credential => credential.UserHash).HasMaxLength(HashLength);
        builder.Property(credential => credential.NameHash).HasMaxLength(HashLength);
        builder.Property(credential => credential.OwnerHash).HasMaxLength(HashLength);
        builder.Property(credential => credential.Owner).HasMaxLength(CredentialContent.MaxSubject);
        builder.Property(credential => credential.Subject).HasMaxLength(CredentialContent.MaxSubject);
        builder.Property(credential => credential.MaxLifetime).HasConversion<long?>();
        builder.Property(credential => credential.Description).HasMaxLength(CredentialTerms.MaxDescription);
        builder.Property(credential => credential.Retrievers).HasMaxLength(NamePattern.MaxLength);
        builder.Property(credential => credential.KeyRetrievers).HasMaxLength(NamePattern.MaxLength);
        builder.Property(credential => credential.TrustedRetrievers).HasMaxLength(NamePattern.MaxLength);
        builder.Property(credential => credential.Renewers).HasMaxLength(NamePattern.MaxLength);
        builder.Property(credential => credential.LockMessage).HasMaxLength(StoredCredential.MaxLockMessage);
        builder.Property(credential => credential.LastUsedBy).HasMaxLength(CredentialContent.MaxSubject);
        builder.Property(credential => credential.LastUsedFrom).HasMaxLength(64);
        builder.Property(credential => credential.Revision).IsConcurrencyToken();
        builder.HasIndex(credential => credential.NameHash).IsUnique();
        builder.HasIndex(credential => credential.UserHash);
        builder.HasIndex(credential => credential.OwnerHash);
        builder.HasIndex(credential => credential.UserId);
        builder.HasIndex(credential => credential.CertificateId);
        builder.HasIndex(credential => credential.NotAfter);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(credential => credential.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<IssuedCertificate>().WithMany().HasForeignKey(credential => credential.CertificateId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class LogonAttemptsMapping : IEntityTypeConfiguration<LogonAttempts>
{
    public void Configure(EntityTypeBuilder<LogonAttempts> builder)
    {
        builder.ToTable("LogonAttempts");
        builder.HasKey(attempts => attempts.UserHash);
        builder.Property(attempts => attempts.UserHash).HasMaxLength(64);
        builder.Property(attempts => attempts.Count).IsConcurrencyToken();
        builder.HasIndex(attempts => attempts.LastAt);
    }
}
