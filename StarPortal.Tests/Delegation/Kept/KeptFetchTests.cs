using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Delegation;
using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>How often certificates are fetched, day by day: counted in memory, written together, shown to the owner.</summary>
[Trait("Category", "Unit")]
public sealed class KeptFetchTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<StarPortal.Core.Data.DatabaseProvider> Providers => TestDatabase.Providers;

    [Fact]
    public async Task Fetch_WritesNothing_UntilTheCountIsWritten()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        var url = await EmulatedStarTests.RegisterAsync(owner);
        for (var i = 0; i < 3; i++) await owner.Portal.Client.GetStringAsync(url, Ct);
        Assert.Equal((0, null), ((await owner.OnlyOrderAsync()).Fetches, (await owner.OnlyOrderAsync()).LastFetchAt));

        await owner.Portal.Get<KeptFetches>().FlushAsync(Ct);
        var order = await owner.OnlyOrderAsync();
        Assert.Equal((3L, owner.Portal.Clock.Now, "127.0.0.1"), (order.Fetches, order.LastFetchAt, order.LastFetchFrom));
        await owner.Portal.Get<KeptFetches>().FlushAsync(Ct);
        Assert.Equal(3, (await owner.OnlyOrderAsync()).Fetches);
    }

    /// <summary>What is fetched at this portal's own CA counts beside what the portal keeps.</summary>
    [Fact]
    public async Task Owner_SeesFetchesDayByDay_WhicheverCaTheyComeFrom()
    {
        await using var ca = await OtherCa.StartPlainAsync();
        await using var owner = await ca.StartOwnerAsync();
        await ca.PassAsync(owner, TimeSpan.FromHours(46 - owner.Portal.Clock.Now.Hour)); // 22 hours, tomorrow.
        var (kept, local) = (await owner.DelegateAsync(OtherCa.Terms()), (await owner.DelegateAsync()).Id);
        await owner.RegisterAndWaitAsync();
        await owner.Portal.Get<DelegationService>().PauseAsync(kept.Id, owner.Owner, Ct);
        await owner.RegisterAndWaitAsync(DelegationScene.Registration());
        foreach (var fetches in new[] { 1, 2 })
        {
            await FetchAllAsync(owner, fetches);
            owner.Portal.Clock.Advance(TimeSpan.FromHours(3)); // Into the next day.
        }

        foreach (var id in new[] { kept.Id, local })
        {
            var line = Assert.Single((await owner.Portal.Get<DelegationOverview>().GetAsync(id, owner.Owner, Ct)).Lines);
            Assert.Equal(FetchDay.Shown, line.Days.Count);
            Assert.Equal([0, 1, 2], line.Days.TakeLast(3).Select(day => day.Value));
            Assert.Equal(DateOnly.FromDateTime(owner.Portal.Clock.Now.UtcDateTime), line.Days[^1].Key);
        }
    }

    /// <summary>Nodes that write at the same time add to each other's day.</summary>
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Counts_OfSeveralNodes_AddUp(StarPortal.Core.Data.DatabaseProvider provider)
    {
        await using var scene = await DelegationScene.StartAsync(provider);
        await scene.DelegateAsync();
        await scene.RegisterAndWaitAsync();
        var id = (await scene.OnlyOrderAsync()).Id;
        var nodes = Enumerable.Range(0, 4).Select(_ => new KeptFetches(scene.Portal.Get<IDbContextFactory<StarPortal.Core.Data.PortalDbContext>>(), scene.Portal.Clock)).ToList();
        foreach (var node in nodes) for (var i = 0; i < 5; i++) node.Count(id, null);
        await Task.WhenAll(nodes.Select(node => node.FlushAsync(Ct)));
        await using var db = scene.Portal.NewDb();
        Assert.Equal(20, (await db.FetchDays.SingleAsync(Ct)).Count);
        Assert.Equal(20, (await scene.OnlyOrderAsync()).Fetches);
    }

    [Fact]
    public async Task Days_ThatAreShownNoMore_AreForgotten()
    {
        await using var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        await scene.RegisterAndWaitAsync();
        var fetches = scene.Portal.Get<KeptFetches>();
        for (var day = 0; day < FetchDay.Shown + 5; day++)
        {
            fetches.Count((await scene.OnlyOrderAsync()).Id, null);
            await fetches.FlushAsync(Ct);
            scene.Portal.Clock.Advance(TimeSpan.FromDays(1));
        }

        await scene.Portal.Get<StarUpkeepJob>().RunAsync(Ct);
        await using var db = scene.Portal.NewDb();
        Assert.Equal(FetchDay.Shown - 1, await db.FetchDays.CountAsync(Ct));
    }

    private static async Task FetchAllAsync(DelegationScene owner, int times)
    {
        await using var db = owner.Portal.NewDb();
        foreach (var url in await db.DelegatedOrders.Select(order => order.CertificateUrl!).ToListAsync(Ct))
            for (var i = 0; i < times; i++) await owner.Portal.Client.GetStringAsync(url, Ct);
        await owner.Portal.Get<KeptFetches>().FlushAsync(Ct);
        await owner.Portal.Get<FetchCounter>().FlushAsync(Ct);
    }
}
