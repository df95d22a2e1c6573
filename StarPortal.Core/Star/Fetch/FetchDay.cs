using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StarPortal.Core.Star;

/// <summary>How often the certificates of an order were fetched within a day. Kept for as many days as pictures show.</summary>
public sealed class FetchDay
{
    /// <summary>So many days are shown, today included.</summary>
    public const int Shown = 30;

    private FetchDay()
    {
    }

    /// <summary>Of a STAR order, or of an order that another room serves certificates for; both are 128 random bits.</summary>
    public Guid OrderId { get; private set; }

    /// <summary>UTC.</summary>
    public DateOnly Day { get; private set; }

    public long Count { get; private set; }

    public static FetchDay Begin(Guid orderId, DateOnly day) => new() { OrderId = orderId, Day = day };
}

public static class FetchDaySets
{
    extension(Data.PortalDbContext db)
    {
        public DbSet<FetchDay> FetchDays => db.Set<FetchDay>();
    }
}

internal sealed class FetchDayMapping : IEntityTypeConfiguration<FetchDay>
{
    public void Configure(EntityTypeBuilder<FetchDay> builder)
    {
        builder.ToTable("FetchDays");
        builder.HasKey(day => new { day.OrderId, day.Day });
        builder.Property(day => day.OrderId).ValueGeneratedNever();
        builder.HasIndex(day => day.Day);
    }
}
