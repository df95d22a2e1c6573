using StarPortal.Core.Acme;

namespace StarPortal.Tests.Acme;

/// <summary>RFC 8555 7.1.2.1: an account's orders, page by page.</summary>
[Trait("Category", "Unit")]
public sealed class OrdersListTests(OrderFixture fixture) : IClassFixture<OrderFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task List_OfSeveralPages_NamesEachOrderOnce()
    {
        using var client = await fixture.NewAccountAsync();
        var placed = await PlaceAsync(client, (AccountOrders.PageSize * 2) + 3);
        var first = await client.PostAsync($"{client.AccountUrl}/orders");
        var pages = await WalkAsync(client, first);

        Assert.Equal("application/json", first.MediaType);
        Assert.Equal([AccountOrders.PageSize, AccountOrders.PageSize, 3], pages.Select(page => page.Count));
        Assert.Equal(placed.Order(StringComparer.Ordinal), pages.SelectMany(page => page).Order(StringComparer.Ordinal));
        Assert.StartsWith($"{client.AccountUrl}/orders?cursor=", first.LinkOf("next"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(AccountOrders.PageSize, 1)]
    [InlineData(AccountOrders.PageSize + 1, 2)]
    public async Task List_HasANextPage_OnlyWhenThereIsMore(int orders, int pages)
    {
        using var client = await fixture.NewAccountAsync();
        await PlaceAsync(client, orders);
        var read = await WalkAsync(client, await client.PostAsync($"{client.AccountUrl}/orders"));
        Assert.Equal((pages, orders), (read.Count, read.Sum(page => page.Count)));
    }

    /// <summary>"The server SHOULD include pending orders and SHOULD NOT include orders that are invalid."</summary>
    [Fact]
    public async Task List_LeavesOutWhatIsInvalidOrHasRunOut_OnEveryPage()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var expired = await scene.OrderAsync(caller, "old.lab.example.org");
        scene.Portal.Clock.Advance(TimeSpan.FromDays(8));
        var kept = await PlaceAsync(scene, caller, AccountOrders.PageSize + 10);
        var failed = await PlaceAsync(scene, caller, 20);
        foreach (var id in failed) await FailAsync(scene, id);
        kept.AddRange(await PlaceAsync(scene, caller, AccountOrders.PageSize));
        var issued = await scene.FinalizeAsync(caller, await scene.OrderAsync(caller, "done.lab.example.org"));

        var listed = await WalkAsync(scene, caller);
        Assert.Equal([.. kept.Append(issued.Order.Id).Order()], listed.Order());
        Assert.DoesNotContain(expired.Order.Id, listed);
    }

    /// <summary>All of one instant, so that only the order of their ids tells them apart; between two pages others come, of that instant too, and some fail.</summary>
    [Fact]
    public async Task List_NeitherSkipsNorRepeats_WhileOrdersComeAndFail()
    {
        await using var scene = await OrderScene.StartAsync();
        var caller = await scene.AddAccountAsync();
        var placed = await PlaceAsync(scene, caller, (AccountOrders.PageSize * 3) + 7);
        List<Guid> failed = [];
        var listed = await WalkAsync(scene, caller, async page =>
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PlaceAsync(scene, caller, 5)));
            foreach (var id in page.OrderIds.Take(5)) await FailAsync(scene, id);
            failed.AddRange(page.OrderIds.Take(5));
            scene.Portal.Clock.Advance(TimeSpan.FromSeconds(1));
            await PlaceAsync(scene, caller, 5);
        });

        Assert.Equal(listed.Count, listed.Distinct().Count());
        Assert.Empty(placed.Except(listed));
        Assert.NotEmpty(failed);
    }

    [Fact]
    public async Task CursorOfAnother_ShowsNothingOfTheirs()
    {
        using var mine = await fixture.NewAccountAsync();
        using var other = await fixture.NewAccountAsync();
        var theirs = await PlaceAsync(other, AccountOrders.PageSize + 5);
        var own = await PlaceAsync(mine, 3);
        var next = (await other.PostAsync($"{other.AccountUrl}/orders")).LinkOf("next")!;

        Assert.Equal((404, "malformed"), (await mine.PostAsync(next)).Outcome);
        var page = OrdersOf(await mine.PostAsync($"{mine.AccountUrl}/orders{new Uri(next).Query}"));
        Assert.Empty(page.Intersect(theirs, StringComparer.Ordinal));
        Assert.Subset(own.ToHashSet(StringComparer.Ordinal), page.ToHashSet(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-")]
    [InlineData("0-0")]
    [InlineData("-1-00000000000000000000000000000000")]
    [InlineData("1-00000000-0000-0000-0000-000000000000")]
    [InlineData("99999999999999999999-00000000000000000000000000000000")]
    [InlineData("9223372036854775807-00000000000000000000000000000000")]
    [InlineData("1-00000000000000000000000000000000-1")]
    [InlineData("1-00000000000000000000000000000000%27")]
    [InlineData("1-0000000000000000000000000000000g")]
    public async Task CursorThatIsNone_IsMalformed(string cursor)
    {
        using var client = await fixture.NewAccountAsync();
        Assert.Equal((400, "malformed"), (await client.PostAsync($"{client.AccountUrl}/orders?cursor={cursor}")).Outcome);
    }

    [Theory]
    [InlineData("0-00000000000000000000000000000000", 0)]
    [InlineData("3155378975999999999-ffffffffffffffffffffffffffffffff", 2)]
    public async Task Cursor_AtTheEndsOfTime_IsAPage(string cursor, int orders)
    {
        using var client = await fixture.NewAccountAsync();
        await PlaceAsync(client, 2);
        Assert.Equal(orders, OrdersOf(await client.PostAsync($"{client.AccountUrl}/orders?cursor={cursor}")).Count);
    }

    private static async Task<List<string>> PlaceAsync(AcmeClient client, int count)
    {
        List<string> placed = [];
        for (var i = 0; i < count; i++) placed.Add((await client.OrderAsync($"h{i}.lab.example.org")).Location!);
        return placed;
    }

    private static async Task<List<Guid>> PlaceAsync(OrderScene scene, AcmeCaller caller, int count)
    {
        List<Guid> placed = [];
        for (var i = 0; i < count; i++) placed.Add((await scene.OrderAsync(caller, $"h{Guid.NewGuid():N}.lab.example.org")).Order.Id);
        return placed;
    }

    private static async Task FailAsync(OrderScene scene, Guid id) =>
        Assert.NotNull(await scene.Portal.Get<OrderStore>().FailAsync((await scene.Portal.Get<OrderShelf>().FindOrderAsync(id, Ct))!, "{}", scene.Now));

    private static async Task<List<IReadOnlyList<string>>> WalkAsync(AcmeClient client, AcmeAnswer first)
    {
        List<IReadOnlyList<string>> pages = [OrdersOf(first)];
        for (var page = first; page.LinkOf("next") is { } next; pages.Add(OrdersOf(page))) page = await client.PostAsync(next);
        return pages;
    }

    private static async Task<List<Guid>> WalkAsync(OrderScene scene, AcmeCaller caller, Func<AccountOrdersPage, Task>? between = null)
    {
        List<Guid> listed = [];
        var page = await scene.Portal.Get<AccountOrders>().ListAsync(caller.Account.Id, cursor: null, Ct);
        for (listed.AddRange(page.OrderIds); page.Next is not null; listed.AddRange(page.OrderIds))
        {
            if (between is not null) await between(page);
            page = await scene.Portal.Get<AccountOrders>().ListAsync(caller.Account.Id, page.Next, Ct);
        }

        return listed;
    }

    private static IReadOnlyList<string> OrdersOf(AcmeAnswer page)
    {
        Assert.Equal(200, (int)page.Status);
        return [.. page.Json["orders"]!.AsArray().Select(order => order!.GetValue<string>())];
    }
}
