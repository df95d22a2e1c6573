using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Jobs;

[Trait("Category", "Unit")]
public sealed class JobTests
{
    private static readonly DateTimeOffset Noon = new(2027, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Occurrence_RunsOnce_WhenFourNodesWantIt(DatabaseProvider provider)
    {
        await using var portal = await StartAsync(provider: provider);
        var nodes = Enumerable.Range(0, 4).Select(_ => ActivatorUtilities.CreateInstance<JobRunner>(portal.Services)).ToList();
        var runs = await Task.WhenAll(nodes.Select(node => Task.Run(() => node.RunOccurrenceAsync("probe", Noon, Ct), Ct)));
        Assert.Single(runs, run => run is not null);
        Assert.Equal(1, portal.Get<ProbeJob>().Runs);
    }

    [Fact]
    public async Task Run_IsKept_WithWhatTheJobSays()
    {
        await using var portal = await StartAsync();
        var administrator = await portal.AddAdministratorAsync();
        await portal.Get<JobRunner>().RunOccurrenceAsync("probe", Noon, Ct);
        var state = await StateAsync(portal, administrator);
        Assert.Equal((JobOutcome.Succeeded, "run 1", "schedule", Noon), (state.Last!.Outcome, state.Last.Result, state.Last.StartedBy, state.Last.ScheduledAt));
    }

    [Fact]
    public async Task FailingJob_IsShownFailed_AndRunsAgainNextTime()
    {
        await using var portal = await StartAsync();
        var administrator = await portal.AddAdministratorAsync();
        portal.Get<ProbeJob>().Work = () => throw new InvalidOperationException("no luck");
        await portal.Get<JobRunner>().RunOccurrenceAsync("probe", Noon, Ct);
        var failed = (await StateAsync(portal, administrator)).Last!;
        Assert.Equal(JobOutcome.Failed, failed.Outcome);
        Assert.Contains("no luck", failed.Result, StringComparison.Ordinal);

        portal.Get<ProbeJob>().Work = null;
        portal.Clock.Advance(TimeSpan.FromHours(1));
        var next = await portal.Get<JobRunner>().RunOccurrenceAsync("probe", Noon.AddHours(1), Ct);
        Assert.Equal(JobOutcome.Succeeded, next!.Outcome);
    }

    [Fact]
    public async Task RunNow_IsForAdministrators_AndAudited()
    {
        await using var portal = await StartAsync();
        var administrator = await portal.AddAdministratorAsync("boss");
        var officer = await portal.AddOfficerAsync(await portal.AddOrganisationAsync("Example"));
        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<JobRunner>().RunNowAsync("probe", officer, Ct));

        var run = await portal.Get<JobRunner>().RunNowAsync("probe", administrator, Ct);
        Assert.Equal(("boss", null), (run.StartedBy, run.ScheduledAt));
        await using var db = portal.NewDb();
        Assert.True(await db.AuditRecords.AnyAsync(record => record.Action == AuditAction.JobStarted && record.ObjectId == "probe" && record.ActorName == "boss", Ct));
    }

    [Fact]
    public async Task RunNow_IsRefused_WhileTheJobRuns()
    {
        await using var portal = await StartAsync();
        var administrator = await portal.AddAdministratorAsync();
        var release = new TaskCompletionSource();
        portal.Get<ProbeJob>().Work = () => release.Task;
        var first = portal.Get<JobRunner>().RunNowAsync("probe", administrator, Ct);
        while (portal.Get<ProbeJob>().Runs == 0) await Task.Yield();
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<JobRunner>().RunNowAsync("probe", administrator, Ct));
        Assert.Equal(ErrorKind.Conflict, refusal.Kind);
        release.SetResult();
        await first;
    }

    [Theory]
    [InlineData("0 0 2 * * ?", "2027-03-01T02:00:00Z")]
    [InlineData("0 0 12 * * ?", "2027-03-01T12:00:00Z")]
    [InlineData("1 0 12 * * ?", "2027-02-28T12:00:01Z")]
    [InlineData("0 0 0 29 2 ?", "2024-02-29T00:00:00Z")]
    public void Latest_IsTheNewestOccurrenceUpToNow(string cron, string expected)
    {
        var job = new ScheduledJob(new ProbeJob(), Quartz.CronExpression.Parse(cron).WithTimeZone(TimeZoneInfo.Utc), IsOverridden: false);
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), job.Latest(Noon));
    }

    [Fact]
    public void Between_IsComplete_UntilThereAreTooMany()
    {
        var daily = new ScheduledJob(new ProbeJob(), Quartz.CronExpression.Parse("0 0 2 * * ?").WithTimeZone(TimeZoneInfo.Utc), IsOverridden: false);
        Assert.Equal(Enumerable.Range(1, 7).Select(day => Noon.Date.AddDays(day).AddHours(2)), daily.Between(Noon, Noon.AddDays(7), 60).Select(at => at.UtcDateTime));
        var minutely = new ScheduledJob(new ProbeJob(), Quartz.CronExpression.Parse("0 * * * * ?").WithTimeZone(TimeZoneInfo.Utc), IsOverridden: false);
        var thinned = minutely.Between(Noon, Noon.AddDays(7), 60);
        Assert.Equal((60, Noon.AddDays(7)), (thinned.Count, thinned[^1]));
    }

    [Fact]
    public async Task Schedule_IsOverriddenByConfiguration()
    {
        await using var portal = await StartAsync(new() { ["Jobs:probe:Cron"] = "0 0 5 * * ?", ["Jobs:history-prune:Cron"] = "off" });
        var schedule = portal.Get<JobSchedule>();
        Assert.Equal(new DateTimeOffset(2027, 3, 2, 5, 0, 0, TimeSpan.Zero), schedule.Get("probe").Next(Noon));
        Assert.Null(schedule.Get("history-prune").Next(Noon));
    }

    [Theory]
    [InlineData("Jobs:probe:Cron", "every day")]
    [InlineData("Jobs:probe:Cron", "61 * * * * ?")]
    [InlineData("Jobs:no-such-job:Cron", "0 0 5 * * ?")]
    public async Task UnusableSchedule_StopsTheStart(string key, string value)
    {
        await using var portal = await StartAsync(new() { [key] = value });
        var error = Assert.Throws<OptionsValidationException>(() => portal.Get<JobSchedule>());
        Assert.Contains(key[..key.LastIndexOf(':')], Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CatchUp_RunsTheLatestMissedOccurrenceOnce()
    {
        await using var portal = await StartAsync();
        portal.Clock.SetTo(Noon);
        await portal.Get<JobCatchUp>().RunAsync(Ct); // The first start: nothing was missed.
        Assert.Equal(0, portal.Get<ProbeJob>().Runs);

        portal.Clock.Advance(TimeSpan.FromDays(5));
        await portal.Get<JobCatchUp>().RunAsync(Ct);
        await portal.Get<JobCatchUp>().RunAsync(Ct);
        Assert.Equal(1, portal.Get<ProbeJob>().Runs);
    }

    [Fact]
    public async Task CatchUp_RepeatsWhatWasCutShort()
    {
        await using var portal = await StartAsync();
        portal.Clock.SetTo(Noon);
        var runner = portal.Get<JobRunner>();
        await using (var db = portal.NewDb())
        {
            db.JobRuns.Add(JobRun.Start("probe", Noon, "schedule", runner.Node, Noon)); // What a killed process leaves behind.
            db.JobLeases.Add(JobLease.For("probe", Noon, runner.Node));
            await db.SaveChangesAsync(Ct);
        }

        await portal.Get<JobCatchUp>().RunAsync(Ct);
        await using var again = portal.NewDb();
        Assert.Equal([JobOutcome.Interrupted, JobOutcome.Succeeded], (await again.JobRuns.Where(run => run.JobName == "probe").ToListAsync(Ct)).Select(run => run.Outcome).Order().Reverse());
        Assert.Equal(1, portal.Get<ProbeJob>().Runs);
    }

    /// <summary>A lease without a run would be an occurrence that nobody has, and nobody misses.</summary>
    [Fact]
    public async Task Lease_IsNotTaken_WhenTheRunCannotBeBegun()
    {
        await using var portal = await StartAsync();
        portal.Clock.SetTo(Noon);
        await using var database = new RefusingDatabase(portal.NewDb());
        await database.RefuseAsync("INSERT", "JobRuns");

        await RefusingDatabase.RequireRefusedAsync(() => portal.Get<JobRunner>().RunOccurrenceAsync("probe", Noon, Ct));
        await database.RelentAsync();

        Assert.Equal(JobOutcome.Succeeded, (await portal.Get<JobRunner>().RunOccurrenceAsync("probe", Noon, Ct))?.Outcome);
    }

    [Fact]
    public async Task Quartz_WakesTheJob_ByThePortalsClock()
    {
        await using var portal = await StartAsync(new() { ["Jobs:probe:Cron"] = "* * * * * ?" }, services: services => services.AddSingleton(TimeProvider.System));
        var scheduler = portal.Services.GetServices<IHostedService>().OfType<JobScheduler>().Single();
        await scheduler.StartAsync(Ct);
        await portal.Get<ProbeJob>().WaitForAsync(2, Ct);
        await scheduler.StopAsync(Ct);
        await using var db = portal.NewDb();
        var times = await db.JobRuns.Where(run => run.JobName == "probe").Select(run => run.ScheduledAt).ToListAsync(Ct);
        Assert.Equal(times.Count, times.Distinct().Count());
    }

    [Fact]
    public async Task History_IsPruned_ButTheLatestLeaseStays()
    {
        await using var portal = await StartAsync();
        portal.Clock.SetTo(Noon);
        await portal.Get<JobRunner>().RunOccurrenceAsync("probe", Noon.AddDays(-1), Ct);
        await portal.Get<JobRunner>().RunOccurrenceAsync("probe", Noon, Ct);
        await using (var db = portal.NewDb())
        {
            var done = OutboxItem.For("test", "done", 1, Noon);
            done.Complete(Noon);
            var dead = OutboxItem.For("test", "dead", 1, Noon);
            dead.GiveUp("no");
            db.Outbox.AddRange(done, dead, OutboxItem.For("test", "pending", 1, Noon));
            await db.SaveChangesAsync(Ct);
        }

        portal.Clock.Advance(HistoryPruneJob.KeepRuns + TimeSpan.FromDays(1));
        Assert.Equal("2 job runs and 1 outbox items forgotten", await portal.Get<HistoryPruneJob>().RunAsync(Ct));
        await using var again = portal.NewDb();
        Assert.Equal(Noon, (await again.JobLeases.SingleAsync(lease => lease.JobName == "probe", Ct)).ScheduledAt);
        Assert.Equal(["dead", "pending"], await again.Outbox.Where(item => item.Kind == "test").Select(item => item.Key).Order().ToListAsync(Ct));
    }

    private static Task<TestPortal> StartAsync(Dictionary<string, string?>? settings = null, DatabaseProvider? provider = null, Action<IServiceCollection>? services = null) =>
        TestPortal.StartAsync(settings, provider, collection =>
        {
            collection.AddPortalJob<ProbeJob>("0 0 2 * * ?");
            services?.Invoke(collection);
        });

    private static async Task<JobState> StateAsync(TestPortal portal, Actor actor) =>
        Assert.Single(await portal.Get<JobHistory>().ListAsync(actor, Ct), state => state.Name == "probe");
}
