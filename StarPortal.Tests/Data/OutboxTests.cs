using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Data;

[Trait("Category", "Unit")]
public sealed class OutboxTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Item_IsDoneOnce_WhenTheHandlerSucceeds()
    {
        var handler = new Handler();
        await using var portal = await StartAsync(handler);
        await AddAsync(portal, "a");
        await portal.DrainOutboxAsync();
        await portal.DrainOutboxAsync();

        Assert.Equal(["a"], handler.Handled);
        var item = await FindAsync(portal, "a");
        Assert.Equal((OutboxStatus.Done, 1, null), (item.Status, item.Attempts, item.LeasedBy));
    }

    [Fact]
    public async Task Item_IsTriedAgainByTheBackoff_AndThenDead()
    {
        var handler = new Handler { Deed = _ => throw new InvalidOperationException("poison") };
        await using var portal = await StartAsync(handler);
        await AddAsync(portal, "a");
        foreach (var wait in OutboxDispatcher.Backoff)
        {
            await portal.DrainOutboxAsync();
            portal.Clock.Advance(wait - TimeSpan.FromSeconds(1));
            Assert.Equal(0, await portal.Get<OutboxDispatcher>().DispatchDueAsync(Ct));
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await portal.DrainOutboxAsync();
        var item = await FindAsync(portal, "a");
        Assert.Equal((OutboxStatus.Dead, OutboxDispatcher.Backoff.Count + 1), (item.Status, item.Attempts));
        Assert.Contains("poison", item.LastError, StringComparison.Ordinal);
        Assert.Equal(["a"], handler.GivenUp);
        portal.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(0, await portal.Get<OutboxDispatcher>().DispatchDueAsync(Ct));
    }

    [Fact]
    public async Task Item_IsDeadAtOnce_WhenTheHandlerGivesItUp()
    {
        var handler = new Handler { Deed = _ => throw new OutboxGivenUpException("no such mailbox") };
        await using var portal = await StartAsync(handler);
        await AddAsync(portal, "a");
        await portal.DrainOutboxAsync();
        var item = await FindAsync(portal, "a");
        Assert.Equal((OutboxStatus.Dead, 1, "no such mailbox"), (item.Status, item.Attempts, item.LastError));
    }

    [Fact]
    public async Task Item_IsPutOffWithoutAnAttempt_WhenThereIsNoRoomYet()
    {
        var handler = new Handler();
        handler.Deed = _ => handler.Handled.Count > 1 ? Task.CompletedTask : throw new ServiceException(ErrorKind.TooMany, "later") { RetryAfter = TimeSpan.FromMinutes(20) };
        await using var portal = await StartAsync(handler);
        await AddAsync(portal, "a");
        await portal.DrainOutboxAsync();
        var put = await FindAsync(portal, "a");
        Assert.Equal((OutboxStatus.Pending, 0, portal.Clock.Now.AddMinutes(20)), (put.Status, put.Attempts, put.DueAt));

        portal.Clock.Advance(TimeSpan.FromMinutes(20));
        await portal.DrainOutboxAsync();
        Assert.Equal(OutboxStatus.Done, (await FindAsync(portal, "a")).Status);
    }

    [Fact]
    public async Task OtherItems_AreDone_WhenOneIsPoison()
    {
        var handler = new Handler { Deed = item => item.Key == "bad" ? throw new InvalidOperationException("poison") : Task.CompletedTask };
        await using var portal = await StartAsync(handler);
        await AddAsync(portal, "bad", "good");
        await portal.DrainOutboxAsync();
        Assert.Equal((OutboxStatus.Pending, OutboxStatus.Done), ((await FindAsync(portal, "bad")).Status, (await FindAsync(portal, "good")).Status));
    }

    [Fact]
    public async Task Item_OfAnUnknownKind_WaitsWithAReason()
    {
        await using var portal = await TestPortal.StartAsync();
        await using (var db = portal.NewDb())
        {
            db.Outbox.Add(OutboxItem.For("unheard-of", "a", 1, portal.Clock.Now));
            await db.SaveChangesAsync(Ct);
        }

        await portal.DrainOutboxAsync();
        Assert.Contains("unheard-of", (await FindAsync(portal, "a")).LastError, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task TwoDispatchers_DoEachItemOnce(DatabaseProvider provider)
    {
        var handler = new Handler();
        await using var portal = await StartAsync(handler, provider);
        await AddAsync(portal, [.. Enumerable.Range(0, 60).Select(number => $"{number}")]);
        var other = ActivatorUtilities.CreateInstance<OutboxDispatcher>(portal.Services, ActivatorUtilities.CreateInstance<OutboxWorker>(portal.Services));
        await Task.WhenAll(DrainAsync(portal.Get<OutboxDispatcher>()), DrainAsync(other));

        Assert.Equal(60, handler.Handled.Count);
        Assert.Equal(60, handler.Handled.Distinct(StringComparer.Ordinal).Count());
        await using var db = portal.NewDb();
        Assert.Equal(60, await db.Outbox.CountAsync(item => item.Kind == "test" && item.Status == OutboxStatus.Done, Ct));
    }

    [Fact]
    public async Task Lease_RunsOut_WhenTheNodeThatHoldsItIsGone()
    {
        var handler = new Handler { Deed = _ => throw new OperationCanceledException() };
        await using var portal = await StartAsync(handler);
        await AddAsync(portal, "a");
        await KilledAsync(portal, handler);
        Assert.Equal(0, await portal.Get<OutboxDispatcher>().DispatchDueAsync(Ct));

        portal.Clock.Advance(OutboxDispatcher.Lease);
        await portal.DrainOutboxAsync();
        Assert.Equal(OutboxStatus.Done, (await FindAsync(portal, "a")).Status);
    }

    [Fact]
    public async Task Lease_IsGivenBackAtOnce_WhenTheSameNodeStartsAgain()
    {
        var handler = new Handler();
        await using var portal = await StartAsync(handler);
        await AddAsync(portal, "a");
        await KilledAsync(portal, handler);

        await RunningAsync(portal, () => handler.WaitForAsync(2));
        Assert.Equal(OutboxStatus.Done, (await FindAsync(portal, "a")).Status);
    }

    [Fact]
    public async Task RunningDispatcher_WakesAtOnce_WhenAUnitOfWorkCommits()
    {
        var handler = new Handler();
        await using var portal = await StartAsync(handler);
        await RunningAsync(portal, async () =>
        {
            for (var number = 1; number <= 5; number++)
            {
                var started = TimeProvider.System.GetTimestamp();
                await AddAsync(portal, $"{number}");
                await handler.WaitForAsync(number);
                Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1.8));
            }
        });
    }

    [Fact]
    public async Task RunningDispatcher_DoesOtherKinds_WhileOneHangs()
    {
        var release = new TaskCompletionSource();
        var stuck = new Handler("stuck") { Deed = _ => release.Task };
        var handler = new Handler();
        await using var portal = await StartAsync([stuck, handler]);
        await RunningAsync(portal, async () =>
        {
            await using (var db = portal.NewDb())
            {
                db.Outbox.Add(OutboxItem.For("stuck", "a", 1, portal.Clock.Now));
                await db.SaveChangesAsync(Ct);
            }

            await stuck.WaitForAsync(1);
            await AddAsync(portal, "a");
            await handler.WaitForAsync(1);
            release.SetResult();
        });
    }

    private static Task<TestPortal> StartAsync(Handler handler, DatabaseProvider? provider = null) => StartAsync([handler], provider);

    private static Task<TestPortal> StartAsync(IReadOnlyList<Handler> handlers, DatabaseProvider? provider = null) => TestPortal.StartAsync(provider: provider, services: services =>
    {
        services.RemoveAll<IOutboxHandler>();
        foreach (var handler in handlers) services.AddSingleton<IOutboxHandler>(handler);
    });

    private static async Task AddAsync(TestPortal portal, params string[] keys)
    {
        await using var db = portal.NewDb();
        db.Outbox.AddRange(keys.Select(key => OutboxItem.For("test", key, key, portal.Clock.Now)));
        await db.SaveChangesAsync(Ct);
    }

    private static async Task<OutboxItem> FindAsync(TestPortal portal, string key)
    {
        await using var db = portal.NewDb();
        return await db.Outbox.AsNoTracking().SingleAsync(item => item.Key == key, Ct);
    }

    private static async Task DrainAsync(OutboxDispatcher dispatcher)
    {
        while (await dispatcher.DispatchDueAsync(Ct) > 0)
        {
        }
    }

    /// <summary>Takes the item and ends in the midst of it, as a killed process does.</summary>
    private static async Task KilledAsync(TestPortal portal, Handler handler)
    {
        using var killed = new CancellationTokenSource();
        handler.Deed = _ => killed.CancelAsync().ContinueWith(_ => throw new OperationCanceledException(killed.Token), TaskScheduler.Default);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => portal.Get<OutboxDispatcher>().DispatchDueAsync(killed.Token));
        handler.Deed = _ => Task.CompletedTask;
    }

    private static async Task RunningAsync(TestPortal portal, Func<Task> test)
    {
        var dispatcher = portal.Get<OutboxDispatcher>();
        await dispatcher.StartAsync(Ct);
        try
        {
            await test();
        }
        finally
        {
            await dispatcher.StopAsync(Ct);
        }
    }

    private sealed class Handler(string kind = "test") : IOutboxHandler
    {
        private TaskCompletionSource progress = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Func<OutboxItem, Task> Deed { get; set; } = _ => Task.CompletedTask;

        public System.Collections.Concurrent.ConcurrentQueue<string> Handled { get; } = [];

        public List<string> GivenUp { get; } = [];

        public string Kind => kind;

        public async Task HandleAsync(OutboxItem item, CancellationToken ct)
        {
            Handled.Enqueue(item.Key);
            Interlocked.Exchange(ref progress, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            await Deed(item);
        }

        public Task GivenUpAsync(OutboxItem item, CancellationToken ct)
        {
            GivenUp.Add(item.Key);
            return Task.CompletedTask;
        }

        public async Task WaitForAsync(int count)
        {
            while (true)
            {
                var next = Volatile.Read(ref progress).Task;
                if (Handled.Count >= count) return;
                await next.WaitAsync(TimeSpan.FromSeconds(20), Ct);
            }
        }
    }
}
