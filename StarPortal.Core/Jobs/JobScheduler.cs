using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace StarPortal.Core.Jobs;

/// <summary>Hands the schedule to Quartz, which wakes <see cref="OccurrenceJob"/> at each occurrence; catches up first.</summary>
internal sealed partial class JobScheduler(
    ISchedulerFactory factory, JobSchedule schedule, JobCatchUp catchUp, TimeProvider clock, ILogger<JobScheduler> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var scheduler = await factory.GetScheduler(stoppingToken);
        foreach (var job in schedule.All.Where(job => job.Schedule is not null)) await scheduler.ScheduleJob(Detail(job), Trigger(job), cancellationToken: stoppingToken);
        await TryCatchUpAsync(stoppingToken);
        await scheduler.Start(stoppingToken);
        try
        {
            await Task.Delay(Timeout.Infinite, stoppingToken);
        }
        catch (OperationCanceledException)
        {
            await scheduler.Shutdown(waitForJobsToComplete: true, CancellationToken.None);
        }
    }

    private async Task TryCatchUpAsync(CancellationToken ct)
    {
        try
        {
            await catchUp.RunAsync(ct);
        }
#pragma warning disable CA1031 // A job that can't catch up has its next occurrence; the schedule has to start.
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            LogCatchUpFailed(error);
        }
#pragma warning restore CA1031
    }

    private static IJobDetail Detail(ScheduledJob job) => JobBuilder.Create<OccurrenceJob>().WithIdentity(job.Name).Build();

    /// <summary>Late is better than not at all, and once is enough.</summary>
    private ITrigger Trigger(ScheduledJob job) => TriggerBuilder.Create(clock).WithIdentity(job.Name)
        .WithSchedule(CronScheduleBuilder.Create(job.Schedule!).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed)).Build();

    [LoggerMessage(Level = LogLevel.Error, Message = "Jobs that fell due while the portal was down could not be run")]
    private partial void LogCatchUpFailed(Exception error);
}

/// <summary>What Quartz calls: finds out which occurrence it is and runs it.</summary>
[DisallowConcurrentExecution]
internal sealed class OccurrenceJob(JobSchedule schedule, JobRunner runner, TimeProvider clock) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var job = schedule.Get(context.JobDetail.Key.Name);
        var now = clock.GetUtcNow();
        var scheduled = context.ScheduledFireTimeUtc is { } at && at > now ? at : now;
        if (job.Latest(scheduled) is { } occurrence) await runner.RunOccurrenceAsync(job.Name, occurrence, cancellationToken);
    }
}
