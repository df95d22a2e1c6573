using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;

namespace StarPortal.Core.MyProxy;

public static class MirrorSets
{
    extension(PortalDbContext db)
    {
        public DbSet<MirrorState> MirrorStates => db.Set<MirrorState>();

        internal DbSet<MirrorCopy> MirrorCopies => db.Set<MirrorCopy>();

        internal DbSet<MirrorNonce> MirrorNonces => db.Set<MirrorNonce>();
    }
}

internal sealed class MirrorCopyMapping : IEntityTypeConfiguration<MirrorCopy>
{
    public void Configure(EntityTypeBuilder<MirrorCopy> builder)
    {
        builder.ToTable("MirrorCopies");
        builder.HasKey(copy => copy.CredentialId);
        builder.Property(copy => copy.CredentialId).ValueGeneratedNever();
        builder.Property(copy => copy.Source).HasMaxLength(60);
        builder.Property(copy => copy.Digest).HasMaxLength(64);
        builder.HasIndex(copy => copy.Source);
        builder.HasOne<StoredCredential>().WithOne().HasForeignKey<MirrorCopy>(copy => copy.CredentialId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class MirrorNonceMapping : IEntityTypeConfiguration<MirrorNonce>
{
    public void Configure(EntityTypeBuilder<MirrorNonce> builder)
    {
        builder.ToTable("MirrorNonces");
        builder.Property(nonce => nonce.Id).ValueGeneratedNever();
        builder.HasIndex(nonce => nonce.At);
    }
}

internal sealed class MirrorStateMapping : IEntityTypeConfiguration<MirrorState>
{
    public void Configure(EntityTypeBuilder<MirrorState> builder)
    {
        builder.ToTable("MirrorStates");
        builder.HasKey(state => new { state.Kind, state.Name });
        builder.Property(state => state.Name).HasMaxLength(60);
        builder.Property(state => state.Error).HasMaxLength(1000);
        builder.Property(state => state.Problems).HasMaxLength(MirrorState.MaxProblems);
    }
}
