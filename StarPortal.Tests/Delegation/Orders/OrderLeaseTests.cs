using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Delegation;

namespace StarPortal.Tests.Delegation;

/// <summary>Who works on an order: one node, for as long as it lives and no longer.</summary>
[Trait("Category", "Unit")]
public sealed class OrderLeaseTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Order_OfANodeThatDied_IsDueForOthers_AfterHalfAMinute()
    {
        await using var scene = await WaitingSceneAsync();
        Assert.NotNull(await LeaseAsync(scene));
        scene.Portal.Clock.Advance(OrderLease.Length - TimeSpan.FromSeconds(1));
        await scene.WorkAsync();
        Assert.Equal(DelegatedOrderStatus.Processing, (await scene.OnlyOrderAsync()).Status);
        scene.Portal.Clock.Advance(TimeSpan.FromSeconds(2));
        await scene.WorkAsync();
        Assert.Equal(DelegatedOrderStatus.Valid, (await scene.OnlyOrderAsync()).Status);
    }

    /// <summary>It does not wait for its own lease, and leaves alone what others are at and what waits for another reason.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task Order_OfThisNodesFormerLife_IsTakenBackAtOnce(bool isOwn, bool isTaken)
    {
        await using var scene = await WaitingSceneAsync();
        await LeaseAsync(scene);
        if (!isOwn) await using (var db = scene.Portal.NewDb()) await db.DelegatedOrders.ExecuteUpdateAsync(set => set.SetProperty(order => order.LeasedBy, "elsewhere"), Ct);
        await scene.Portal.Get<DueOrders>().TakeBackAsync(Ct);
        Assert.Equal(isTaken, (await scene.OnlyOrderAsync()).DueAt <= scene.Portal.Clock.Now);
    }

    [Fact]
    public async Task Lease_IsProlonged_WhileTheWorkLasts_ByWhoeverHasIt()
    {
        await using var scene = await WaitingSceneAsync();
        var leased = (await LeaseAsync(scene))!;
        scene.Portal.Clock.Advance(TimeSpan.FromSeconds(20));
        await ProlongAsync(scene, leased);
        Assert.Equal(scene.Portal.Clock.Now + OrderLease.Length, (await scene.OnlyOrderAsync()).DueAt);

        // It took too long, and another node has it: that one's lease is its own affair.
        scene.Portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var theirs = (await LeaseAsync(scene))!;
        scene.Portal.Clock.Advance(TimeSpan.FromSeconds(1));
        await ProlongAsync(scene, leased);
        Assert.Equal(theirs.DueAt, (await scene.OnlyOrderAsync()).DueAt);
    }

    /// <summary>Whoever has the certificate issued at this moment is the one to tell the CA: nobody else is to ask before it is done.</summary>
    [Fact]
    public async Task Lease_OfAnOrderThatIsCanceledMeanwhile_StaysWithWhoeverIsAtIt()
    {
        await using var scene = await WaitingSceneAsync();
        var placed = (await scene.Portal.Get<DelegatedOrderBook>().TryChangeAsync((await LeaseAsync(scene))!, order => order.Place(new UpstreamStep.Placed($"{Guid.NewGuid():N}"), scene.Portal.Clock.Now + OrderLease.Length), null, Ct))!;
        await scene.Portal.Get<DelegatedOrderDecisions>().CancelAsync(placed.Id, "", scene.Owner, Ct);
        scene.Portal.Clock.Advance(TimeSpan.FromSeconds(20));
        await ProlongAsync(scene, placed);
        Assert.Equal((true, scene.Portal.Clock.Now + OrderLease.Length), ((await scene.OnlyOrderAsync()).IsCancelPending, (await scene.OnlyOrderAsync()).DueAt));
    }

    /// <summary>A registration that nobody has worked on yet.</summary>
    private static async Task<DelegationScene> WaitingSceneAsync()
    {
        var scene = await DelegationScene.StartAsync();
        await scene.DelegateAsync();
        (await scene.RegisterAsync(DelegationScene.Registration())).Dispose();
        return scene;
    }

    private static async Task<DelegatedOrder?> LeaseAsync(DelegationScene scene) => await scene.Portal.Get<DueOrders>().LeaseAsync((await scene.OnlyOrderAsync()).Id, Ct);

    private static Task ProlongAsync(DelegationScene scene, DelegatedOrder held) =>
        OrderLease.ProlongAsync(scene.Portal.Get<IDbContextFactory<PortalDbContext>>(), held, scene.Portal.Clock.Now + OrderLease.Length, Ct);
}
