using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Jobs;

/// <summary>Work that falls due by itself while the clock is wound.</summary>
[Trait("Category", "Unit")]
public sealed class TimedWorkTests
{
    private static readonly Actor Persona = new(Guid.NewGuid(), "officer", []);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Winding_StopsWhereTimedWorkFallsDue()
    {
        var work = new Ticking(TimeSpan.FromHours(3));
        await using var portal = await StartAsync(work);
        var from = work.Begin(portal.Get<DemoClock>());
        await portal.Get<DemoTime>().WindAsync(TimeSpan.FromDays(2), Persona, Ct);
        Assert.Equal(16, work.Done.Count);
        Assert.All(work.Done.Select((done, i) => done - from.AddHours(3 * (i + 1))), late => Assert.InRange(late, TimeSpan.Zero, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task Winding_Ends_WhenTimedWorkStaysDue_OrFallsDueAllTheTime()
    {
        foreach (var work in new[] { new Ticking(TimeSpan.FromSeconds(1)), new Ticking(TimeSpan.Zero) })
        {
            await using var portal = await StartAsync(work);
            var from = work.Begin(portal.Get<DemoClock>());
            await portal.Get<DemoTime>().WindAsync(TimeSpan.FromDays(30), Persona, Ct);
            Assert.InRange(work.Runs, 500, 1_500);
            Assert.True(portal.Get<DemoTime>().Now - from >= TimeSpan.FromDays(30));
        }
    }

    private static Task<TestPortal> StartAsync(Ticking work) => TestPortal.StartAsync(
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["Portal:Demo"] = "true" },
        services: services => services.RemoveAll<JobRegistration>().RemoveAll<ITimedWork>().AddSingleton<ITimedWork>(work)
            .RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(provider => provider.GetRequiredService<DemoClock>()));

    /// <summary>Due every so often; with zero it is due for ever.</summary>
    private sealed class Ticking(TimeSpan every) : ITimedWork
    {
        private DemoClock clock = null!;
        private DateTimeOffset next;

        public List<DateTimeOffset> Done { get; } = [];

        public int Runs { get; private set; }

        public DateTimeOffset Begin(DemoClock wound)
        {
            (clock, next) = (wound, wound.GetUtcNow() + every);
            return wound.GetUtcNow();
        }

        public Task<DateTimeOffset?> NextAsync(CancellationToken ct) => Task.FromResult<DateTimeOffset?>(next);

        public Task RunDueAsync(CancellationToken ct)
        {
            Runs++;
            for (; every > TimeSpan.Zero && next <= clock.GetUtcNow(); next += every) Done.Add(clock.GetUtcNow());
            return Task.CompletedTask;
        }
    }
}
