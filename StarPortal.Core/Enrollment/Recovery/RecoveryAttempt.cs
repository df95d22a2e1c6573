using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// Somebody has typed a user name and a new passphrase. One is made for every name, known or not; what it is worth shows when the person opens the mailed link and types the
/// same passphrase there. Until then no officer hears of it.
/// </summary>
public sealed class RecoveryAttempt
{
    private RecoveryAttempt()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>Null until a mail was sent; whose name was typed.</summary>
    public Guid? UserId { get; private set; }

    /// <summary>PKCS#8 under the new passphrase, sealed with the server key.</summary>
    public byte[] EncryptedKey { get; private set; } = [];

    public byte[] PublicKeyInfo { get; private set; } = [];

    public string PassphraseHash { get; private set; } = "";

    public byte[]? Hint { get; private set; }

    public DateTimeOffset AskedAt { get; private set; }

    public SealedPassphrase Passphrase => new(PassphraseHash, Hint);

    internal static RecoveryAttempt Of(byte[] encryptedKey, byte[] publicKeyInfo, SealedPassphrase passphrase, DateTimeOffset now) => new()
    {
        EncryptedKey = encryptedKey, PublicKeyInfo = publicKeyInfo, PassphraseHash = passphrase.Hash, Hint = passphrase.Hint, AskedAt = now,
    };

    /// <summary>The person it is about gets the link.</summary>
    internal void BelongTo(Guid userId) => UserId = userId;
}

internal sealed class RecoveryAttemptMapping : IEntityTypeConfiguration<RecoveryAttempt>
{
    public void Configure(EntityTypeBuilder<RecoveryAttempt> builder)
    {
        builder.ToTable("RecoveryAttempts");
        builder.Property(attempt => attempt.Id).ValueGeneratedNever();
        builder.Property(attempt => attempt.PassphraseHash).HasMaxLength(200);
        builder.Property(attempt => attempt.Hint).HasMaxLength(SignInPassphrases.MaxSealedHint);
        builder.HasIndex(attempt => attempt.UserId);
        builder.HasIndex(attempt => attempt.AskedAt);
        builder.HasOne<PortalUser>().WithMany().HasForeignKey(attempt => attempt.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}

public static class RecoverySets
{
    extension(PortalDbContext db)
    {
        public DbSet<RecoveryAttempt> RecoveryAttempts => db.Set<RecoveryAttempt>();
    }
}
