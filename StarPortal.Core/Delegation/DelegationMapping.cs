using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;

namespace StarPortal.Core.Delegation;

public static class DelegationSets
{
    extension(PortalDbContext db)
    {
        public DbSet<NameDelegation> NameDelegations => db.Set<NameDelegation>();

        public DbSet<DelegationConsumer> DelegationConsumers => db.Set<DelegationConsumer>();

        public DbSet<ConsumerCredential> ConsumerCredentials => db.Set<ConsumerCredential>();

        public DbSet<DelegatedOrder> DelegatedOrders => db.Set<DelegatedOrder>();
    }
}

internal sealed class NameDelegationMapping : IEntityTypeConfiguration<NameDelegation>
{
    public void Configure(EntityTypeBuilder<NameDelegation> builder)
    {
        builder.ToTable("NameDelegations");
        builder.Property(delegation => delegation.Id).ValueGeneratedNever();
        builder.Property(delegation => delegation.State).IsConcurrencyToken();
        builder.Property(delegation => delegation.Template).HasMaxLength(CsrTemplateReader.MaxLength);
        builder.Property(delegation => delegation.Upstream).HasMaxLength(40);
        builder.Ignore(delegation => delegation.NameList).Ignore(delegation => delegation.CnameList);
        builder.HasOne<DelegationConsumer>().WithMany().HasForeignKey(delegation => delegation.ConsumerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(delegation => delegation.OwnerId);
    }
}

internal sealed class DelegationConsumerMapping : IEntityTypeConfiguration<DelegationConsumer>
{
    public void Configure(EntityTypeBuilder<DelegationConsumer> builder)
    {
        builder.ToTable("DelegationConsumers");
        builder.Property(consumer => consumer.Id).ValueGeneratedNever();
        builder.Property(consumer => consumer.Name).HasMaxLength(200);
        builder.Property(consumer => consumer.EndedAt).IsConcurrencyToken();
        builder.HasIndex(consumer => consumer.OwnerId);
    }
}

internal sealed class ConsumerCredentialMapping : IEntityTypeConfiguration<ConsumerCredential>
{
    public void Configure(EntityTypeBuilder<ConsumerCredential> builder)
    {
        builder.ToTable("ConsumerCredentials");
        builder.Property(credential => credential.Id).ValueGeneratedNever();
        builder.Property(credential => credential.Label).HasMaxLength(300);
        builder.Property(credential => credential.Secret).HasMaxLength(64);
        builder.Property(credential => credential.RevokedAt).IsConcurrencyToken();
        builder.HasOne<DelegationConsumer>().WithMany().HasForeignKey(credential => credential.ConsumerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(credential => credential.Secret).IsUnique();
        builder.HasIndex(credential => credential.ExternalAccountKeyId);
    }
}

internal sealed class DelegatedOrderMapping : IEntityTypeConfiguration<DelegatedOrder>
{
    public void Configure(EntityTypeBuilder<DelegatedOrder> builder)
    {
        builder.ToTable("DelegatedOrders");
        builder.Property(order => order.Id).ValueGeneratedNever();
        builder.Property(order => order.Revision).IsConcurrencyToken();
        builder.Property(order => order.IdempotencyKey).HasMaxLength(DelegatedOrder.MaxIdempotencyKey);
        builder.Property(order => order.KeyHash).HasMaxLength(64);
        builder.Property(order => order.Upstream).HasMaxLength(40);
        builder.Property(order => order.UpstreamOrder).HasMaxLength(500);
        builder.Property(order => order.CertificateUrl).HasMaxLength(500);
        builder.Property(order => order.LeasedBy).HasMaxLength(100);
        builder.Property(order => order.LastFetchFrom).HasMaxLength(60);
        builder.Property(order => order.Reason).HasMaxLength(2000);
        builder.Property(order => order.Detail).HasMaxLength(2000);
        builder.Ignore(order => order.NameList);
        builder.HasOne<NameDelegation>().WithMany().HasForeignKey(order => order.DelegationId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(order => new { order.ConsumerId, order.IdempotencyKey }).IsUnique();
        builder.HasIndex(order => new { order.Upstream, order.DueAt });
        builder.HasIndex(order => new { order.DelegationId, order.CreatedAt });
        builder.HasIndex(order => new { order.OwnerId, order.Status, order.CreatedAt });
        builder.HasIndex(order => new { order.AccountId, order.CreatedAt });
        builder.HasIndex(order => order.EndedAt);
        builder.HasIndex(order => new { order.Failures, order.Status });
    }
}
