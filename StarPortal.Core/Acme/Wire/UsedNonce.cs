using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StarPortal.Core.Acme;

/// <summary>A shared nonce that was used: its primary key is what makes it single use on all nodes.</summary>
internal sealed class UsedNonce
{
    public required Guid Id { get; init; }

    public required DateTimeOffset UsedAt { get; init; }
}

/// <summary>A running process, by its last sign of life: whether nonces have to be shared.</summary>
internal sealed class AcmeNode
{
    public required Guid Id { get; init; }

    public DateTimeOffset SeenAt { get; set; }
}

internal sealed class UsedNonceMapping : IEntityTypeConfiguration<UsedNonce>
{
    public void Configure(EntityTypeBuilder<UsedNonce> builder)
    {
        builder.ToTable("AcmeUsedNonces");
        builder.Property(nonce => nonce.Id).ValueGeneratedNever();
        builder.HasIndex(nonce => nonce.UsedAt);
    }
}

internal sealed class AcmeNodeMapping : IEntityTypeConfiguration<AcmeNode>
{
    public void Configure(EntityTypeBuilder<AcmeNode> builder)
    {
        builder.ToTable("AcmeNodes");
        builder.Property(node => node.Id).ValueGeneratedNever();
    }
}
