using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;

namespace StarPortal.Core.Delegation;

/// <summary>What every node answers to an upstream that validates by http-01.</summary>
public sealed class PresentedChallenge
{
    public required string Token { get; init; }

    public required string KeyAuthorization { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

public static class PresentedChallengeSets
{
    extension(PortalDbContext db)
    {
        public DbSet<PresentedChallenge> PresentedChallenges => db.Set<PresentedChallenge>();
    }
}

internal sealed class PresentedChallengeMapping : IEntityTypeConfiguration<PresentedChallenge>
{
    public void Configure(EntityTypeBuilder<PresentedChallenge> builder)
    {
        builder.ToTable("PresentedChallenges");
        builder.HasKey(challenge => challenge.Token);
        builder.Property(challenge => challenge.Token).HasMaxLength(200);
        builder.Property(challenge => challenge.KeyAuthorization).HasMaxLength(300);
        builder.HasIndex(challenge => challenge.ExpiresAt);
    }
}
