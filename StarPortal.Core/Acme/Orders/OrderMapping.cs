using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

public static class AcmeOrderSets
{
    private static readonly CompiledQuery<Guid, string, AcmeAuthorization> Held = new((db, accountId, name) =>
        db.Set<AcmeAuthorization>().AsNoTracking().Where(authorization => authorization.Name == name && authorization.AccountId == accountId));

    extension(PortalDbContext db)
    {
        public DbSet<AcmeOrder> AcmeOrders => db.Set<AcmeOrder>();

        public DbSet<AcmeAuthorization> AcmeAuthorizations => db.Set<AcmeAuthorization>();

        /// <summary>
        /// All that an account has for some names, in any state: few, and found by an index. A condition on the state belongs behind the query: without
        /// statistics a planner takes the index on the state for as good, and reads every valid authorization there is.
        /// </summary>
        public async Task<List<AcmeAuthorization>> ListHeldAsync(Guid accountId, IEnumerable<string> names, CancellationToken ct)
        {
            List<AcmeAuthorization> held = [];
            foreach (var name in names.Distinct(StringComparer.Ordinal)) held.AddRange(await Held.ListAsync(db, accountId, name, ct));
            return held;
        }
    }
}

internal sealed class AcmeOrderMapping : IEntityTypeConfiguration<AcmeOrder>
{
    public void Configure(EntityTypeBuilder<AcmeOrder> builder)
    {
        builder.ToTable("AcmeOrders");
        builder.Property(order => order.Id).ValueGeneratedNever();
        builder.Property(order => order.Status).IsConcurrencyToken();
        builder.Property(order => order.Profile).HasMaxLength(40);
        builder.Property(order => order.Kind).HasMaxLength(40);
        builder.Property(order => order.Replaces).HasMaxLength(100);
        builder.Property(order => order.ReplacesClaim).HasMaxLength(100);
        builder.Property(order => order.CertificateSerial).HasConversion<SerialNumberConverter>().HasMaxLength(SerialNumber.Length);
        builder.Ignore(order => order.Identifiers).Ignore(order => order.AuthorizationIds).Ignore(order => order.SourceKey);
        builder.HasIndex(order => new { order.AccountId, order.CreatedAt });
        builder.HasIndex(order => new { order.Status, order.ExpiresAt });
        builder.HasIndex(order => order.ReplacesClaim).IsUnique();
    }
}

internal sealed class AcmeAuthorizationMapping : IEntityTypeConfiguration<AcmeAuthorization>
{
    public void Configure(EntityTypeBuilder<AcmeAuthorization> builder)
    {
        builder.ToTable("AcmeAuthorizations");
        builder.Property(authorization => authorization.Id).ValueGeneratedNever();
        builder.Property(authorization => authorization.Status).IsConcurrencyToken();
        builder.Property(authorization => authorization.Revision).IsConcurrencyToken();
        builder.Property(authorization => authorization.Name).HasMaxLength(260);
        builder.Property(authorization => authorization.Waiver).HasMaxLength(300);
        builder.Property(authorization => authorization.Seed).HasMaxLength(43);
        builder.Property(authorization => authorization.LeasedBy).HasMaxLength(300);
        builder.Property(authorization => authorization.ProblemDetail).HasMaxLength(1000);
        builder.Property(authorization => authorization.Trace).HasMaxLength(AcmeAuthorization.MaxTrace);
        builder.Ignore(authorization => authorization.Identifier).Ignore(authorization => authorization.IsProcessing);
        builder.HasIndex(authorization => new { authorization.Name, authorization.AccountId });
        builder.HasIndex(authorization => new { authorization.AccountId, authorization.CreatedAt });
        builder.HasIndex(authorization => new { authorization.Status, authorization.ExpiresAt });
        builder.HasIndex(authorization => authorization.DueAt);
    }
}
