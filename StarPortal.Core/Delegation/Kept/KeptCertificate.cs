using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StarPortal.Core.Delegation;

/// <summary>A certificate of another CA that the portal serves to the consumer, since that CA does not renew it or does not let everybody fetch it.</summary>
public sealed class KeptCertificate
{
    private KeptCertificate()
    {
    }

    public Guid OrderId { get; private set; }

    /// <summary>From 0 on: the order's first, second, … certificate.</summary>
    public int Number { get; private set; }

    /// <summary>With its issuers.</summary>
    public string Pem { get; private set; } = "";

    /// <summary>Upper-case hex.</summary>
    public string SerialNumber { get; private set; } = "";

    public DateTimeOffset NotBefore { get; private set; }

    public DateTimeOffset NotAfter { get; private set; }

    /// <summary>As RFC 9773 names it; null: it cannot be named there.</summary>
    public string? RenewalId { get; private set; }

    public DateTimeOffset IssuedAt { get; private set; }

    public static KeptCertificate Of(Guid orderId, int number, CheckedChain chain, DateTimeOffset now) => new()
    {
        OrderId = orderId, Number = number, Pem = chain.Pem, SerialNumber = chain.SerialNumber, NotBefore = chain.Life.NotBefore, NotAfter = chain.Life.NotAfter, RenewalId = chain.RenewalId, IssuedAt = now,
    };
}

public static class KeptCertificateSets
{
    extension(Data.PortalDbContext db)
    {
        public DbSet<KeptCertificate> KeptCertificates => db.Set<KeptCertificate>();
    }
}

internal sealed class KeptCertificateMapping : IEntityTypeConfiguration<KeptCertificate>
{
    public void Configure(EntityTypeBuilder<KeptCertificate> builder)
    {
        builder.ToTable("KeptCertificates");
        builder.HasKey(certificate => new { certificate.OrderId, certificate.Number });
        builder.Property(certificate => certificate.OrderId).ValueGeneratedNever();
        builder.Property(certificate => certificate.Number).ValueGeneratedNever();
        builder.Property(certificate => certificate.SerialNumber).HasMaxLength(64);
        builder.Property(certificate => certificate.RenewalId).HasMaxLength(200);
        builder.HasOne<DelegatedOrder>().WithMany().HasForeignKey(certificate => certificate.OrderId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(certificate => certificate.NotAfter);
    }
}
