using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using StarPortal.Core.Data;

namespace StarPortal.Core.Jobs;

public static class JobSets
{
    extension(PortalDbContext db)
    {
        public DbSet<JobRun> JobRuns => db.Set<JobRun>();

        public DbSet<JobLease> JobLeases => db.Set<JobLease>();

        internal DbSet<DemoClockSetting> DemoClockSettings => db.Set<DemoClockSetting>();
    }
}

internal sealed class JobRunMapping : IEntityTypeConfiguration<JobRun>
{
    public void Configure(EntityTypeBuilder<JobRun> builder)
    {
        builder.ToTable("JobRuns");
        builder.Property(run => run.JobName).HasMaxLength(60);
        builder.Property(run => run.Result).HasMaxLength(1000);
        builder.Property(run => run.StartedBy).HasMaxLength(200);
        builder.Property(run => run.Node).HasMaxLength(200);
        builder.Property(run => run.Outcome).IsConcurrencyToken();
        builder.HasIndex(run => new { run.JobName, run.StartedAt });
        builder.HasIndex(run => run.StartedAt);
    }
}

internal sealed class JobLeaseMapping : IEntityTypeConfiguration<JobLease>
{
    public void Configure(EntityTypeBuilder<JobLease> builder)
    {
        builder.ToTable("JobLeases");
        builder.HasKey(lease => new { lease.JobName, lease.ScheduledAt });
        builder.Property(lease => lease.JobName).HasMaxLength(60);
        builder.Property(lease => lease.Node).HasMaxLength(200);
    }
}

internal sealed class DemoClockSettingMapping : IEntityTypeConfiguration<DemoClockSetting>
{
    public void Configure(EntityTypeBuilder<DemoClockSetting> builder)
    {
        builder.ToTable("DemoClock");
        builder.Property(setting => setting.Id).ValueGeneratedNever();
        builder.Ignore(setting => setting.Offset);
    }
}
