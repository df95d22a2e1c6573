using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;

namespace StarPortal.Core.Approval;

public static class ApprovalSets
{
    extension(PortalDbContext db)
    {
        public DbSet<Decision> Decisions => db.Set<Decision>();
    }
}

internal sealed class DecisionMapping : IEntityTypeConfiguration<Decision>
{
    public void Configure(EntityTypeBuilder<Decision> builder)
    {
        builder.ToTable("Decisions");
        builder.Property(decision => decision.Id).ValueGeneratedNever();
        builder.Property(decision => decision.OfficerName).HasMaxLength(200);
        builder.HasIndex(decision => new { decision.RequestId, decision.Round, decision.OfficerId }).IsUnique();
        builder.HasIndex(decision => new { decision.RequestId, decision.Round, decision.Number }).IsUnique();
        builder.HasIndex(decision => decision.OfficerId);
        builder.HasOne<EnrollmentRequest>().WithMany().HasForeignKey(decision => decision.RequestId).OnDelete(DeleteBehavior.Cascade);
    }
}
