using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StarPortal.Core.Audit;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Jobs;

[Trait("Category", "Unit")]
public sealed class DemoTimeTests
{
    private static readonly Actor Persona = new(Guid.NewGuid(), "officer", []);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Winding_RunsWhatFellDue_InOrder_EachAtItsTime()
    {
        List<(string Name, DateTimeOffset Now)> runs = [];
        await using var portal = await StartAsync();
        var (a, b) = (portal.Get<EveningJob>(), portal.Get<MorningJob>());
        a.Ran = b.Ran = (name, now) => runs.Add((name, now));
        var time = portal.Get<DemoTime>();
        var from = time.Now;
        await time.WindAsync(TimeSpan.FromDays(2), Persona, Ct);

        Assert.Equal(4, runs.Count);
        Assert.Equal(runs.OrderBy(run => run.Now), runs);
        Assert.All(runs, run => Assert.Equal(run.Name == "morning" ? 7 : 19, run.Now.Hour));
        Assert.InRange(time.Now - from, TimeSpan.FromDays(2), TimeSpan.FromDays(2) + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Winding_IsAudited_AndOutlivesTheProcess()
    {
        await using var portal = await StartAsync();
        await portal.Get<DemoTime>().WindAsync(TimeSpan.FromDays(7), Persona, Ct);
        await using var db = portal.NewDb();
        var record = await db.AuditRecords.SingleAsync(audit => audit.Action == AuditAction.ClockWound, Ct);
        Assert.Equal(("officer", "clock"), (record.ActorName, record.ObjectType));

        var restarted = new DemoClock();
        using var time = ActivatorUtilities.CreateInstance<DemoTime>(portal.Services, restarted);
        await time.LoadAsync(Ct);
        Assert.Equal(portal.Get<DemoClock>().Offset, restarted.Offset);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(401)]
    public async Task Winding_GoesForwardOnly_AndNotTooFar(int days)
    {
        await using var portal = await StartAsync();
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<DemoTime>().WindAsync(TimeSpan.FromDays(days), Persona, Ct));
        Assert.Equal(ErrorKind.Invalid, refusal.Kind);
        Assert.Equal(TimeSpan.Zero, portal.Get<DemoClock>().Offset);
    }

    [Fact]
    public async Task Winding_NeedsSomebody()
    {
        await using var portal = await StartAsync();
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<DemoTime>().WindAsync(TimeSpan.FromDays(1), Actor.Anonymous(), Ct));
        Assert.Equal(ErrorKind.Unauthenticated, refusal.Kind);
    }

    [Fact]
    public async Task Timers_RunOnRealTime_WhenTheClockIsWound()
    {
        var clock = new DemoClock();
        clock.Set(TimeSpan.FromDays(1000));
        await Task.Delay(TimeSpan.FromMilliseconds(10), clock, Ct);
        Assert.InRange(clock.GetUtcNow() - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(999.9), TimeSpan.FromDays(1000.1));
    }

    [Fact]
    public async Task Demo_IsAbsent_WhenNotAskedFor()
    {
        await using var portal = await TestPortal.StartAsync();
        Assert.Null(portal.Services.GetService<DemoTime>());
    }

    private static Task<TestPortal> StartAsync() => TestPortal.StartAsync(
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["Portal:Demo"] = "true" }, services: services =>
        {
            services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(provider => provider.GetRequiredService<DemoClock>());
            services.AddPortalJob<EveningJob>("0 0 19 * * ?");
            services.AddPortalJob<MorningJob>("0 0 7 * * ?");
        });

    private sealed class MorningJob(TimeProvider clock) : IPortalJob
    {
        public Action<string, DateTimeOffset>? Ran { get; set; }

        public string Name => "morning";

        public Task<string> RunAsync(CancellationToken ct)
        {
            Ran?.Invoke(Name, clock.GetUtcNow());
            return Task.FromResult("done");
        }
    }

    private sealed class EveningJob(TimeProvider clock) : IPortalJob
    {
        public Action<string, DateTimeOffset>? Ran { get; set; }

        public string Name => "evening";

        public Task<string> RunAsync(CancellationToken ct)
        {
            Ran?.Invoke(Name, clock.GetUtcNow());
            return Task.FromResult("done");
        }
    }
}
