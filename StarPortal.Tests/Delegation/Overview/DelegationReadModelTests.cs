using System.Net;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Delegation;
using StarPortal.Core.Shared;
using StarPortal.Core.Star;

namespace StarPortal.Tests.Delegation;

/// <summary>What people see of delegations, consumers and orders, and who sees it.</summary>
[Trait("Category", "Unit")]
public sealed class DelegationReadModelTests : IAsyncLifetime
{
    private DelegationScene scene = null!;
    private NameDelegation delegation = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private DelegationOverview Delegations => scene.Portal.Get<DelegationOverview>();

    private DelegatedOrderSearch Orders => scene.Portal.Get<DelegatedOrderSearch>();

    private ConsumerOverview Consumers => scene.Portal.Get<ConsumerOverview>();

    public async ValueTask InitializeAsync()
    {
        scene = await DelegationScene.StartAsync();
        delegation = await scene.DelegateAsync();
    }

    public ValueTask DisposeAsync() => scene.DisposeAsync();

    [Fact]
    public async Task Everything_IsSeenByItsOwnerAdministratorsAndAuditors()
    {
        var order = await IssuedAsync();
        foreach (var (reader, manages) in new[] { (scene.Owner, true), (Somebody(PortalRole.Administrator), true), (Somebody(PortalRole.Auditor), false) })
        {
            Assert.Equal([delegation.Id], (await Delegations.FindAsync(null, 1, reader, Ct)).Rows.Select(row => row.Delegation.Id));
            Assert.Equal([order.Id], (await Orders.FindAsync(new(), reader, Ct)).Rows.Select(row => row.Order.Id));
            Assert.Equal([scene.Consumer.Id], (await Consumers.FindAsync(1, reader, Ct)).Rows.Select(row => row.Consumer.Id));
            Assert.Equal(manages, (await Delegations.GetAsync(delegation.Id, reader, Ct)).MayManage);
            Assert.Equal(manages, (await Orders.GetAsync(order.Id, reader, Ct)).MayManage);
            Assert.Equal(manages, (await Consumers.GetAsync(scene.Consumer.Id, reader, Ct)).MayManage);
        }
    }

    [Fact]
    public async Task Everything_DoesNotExist_ForAnotherOwner()
    {
        var order = await IssuedAsync();
        var other = await scene.AddOwnerAsync("bob", "example.net");
        Assert.Empty((await Delegations.FindAsync(null, 1, other, Ct)).Rows);
        Assert.Empty((await Orders.FindAsync(new(), other, Ct)).Rows);
        Assert.Empty((await Orders.FindAsync(new(delegation.Id), other, Ct)).Rows);
        Assert.Empty((await Consumers.FindAsync(1, other, Ct)).Rows);
        Assert.Empty(await Consumers.ChoicesAsync(other, Ct));
        foreach (var look in Looks(order.Id, other)) Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ServiceException>(look)).Kind);
    }

    [Fact]
    public async Task Nothing_IsSeen_WithoutTheRoleOrItsSecondFactor()
    {
        var order = await IssuedAsync();
        foreach (var (reader, kind) in new[]
        {
            (Actor.Anonymous(), ErrorKind.Unauthenticated), (Somebody(PortalRole.Subscriber), ErrorKind.Forbidden),
            (Somebody(PortalRole.Administrator) with { HasSecondFactor = false }, ErrorKind.Forbidden), (scene.Owner with { Grants = [] }, ErrorKind.Forbidden),
        })
        {
            foreach (var look in Looks(order.Id, reader)) Assert.Equal(kind, (await Assert.ThrowsAsync<ServiceException>(look)).Kind);
            Assert.Equal(kind, (await Assert.ThrowsAsync<ServiceException>(() => Orders.FindAsync(new(), reader, Ct))).Kind);
        }
    }

    [Fact]
    public async Task LocalOrder_ShowsWhatTheCaKnows()
    {
        var issued = await IssuedAsync();
        var details = await Orders.GetAsync(issued.Id, scene.Owner, Ct);
        await using var db = scene.Portal.NewDb();
        var star = await db.StarOrders.SingleAsync(order => order.Id == details.StarOrderId, Ct);

        Assert.Equal((DelegatedOrderState.Active, "CDN One"), (details.Row.State, details.Row.Consumer));
        Assert.Equal((star.DueAt, star.LastNotAfter), (details.Row.NextAt, details.Row.LastNotAfter));
        var certificate = Assert.Single(details.Certificates);
        Assert.Equal((1L, star.LastNotAfter), (certificate.Number, certificate.NotAfter));
        Assert.Contains(details.History, record => record.Action is AuditAction.DelegatedOrderIssued);
    }

    [Fact]
    public async Task LocalOrder_IsLate_WhenItsNextCertificateDoesNotCome()
    {
        var issued = await IssuedAsync();
        scene.Portal.Clock.Advance(TimeSpan.FromHours(25));
        var row = (await Orders.GetAsync(issued.Id, scene.Owner, Ct)).Row;
        Assert.Equal(DelegatedOrderState.Late, row.State);
        Assert.Equal(scene.Portal.Clock.Now - row.NextAt, row.Lag);
    }

    [Fact]
    public async Task CanceledOrder_StillSaysUntilWhenItsLastCertificateLives()
    {
        var issued = await IssuedAsync();
        await scene.Portal.Get<DelegatedOrderDecisions>().CancelAsync(issued.Id, "", scene.Owner, Ct);
        await scene.WorkAsync();
        var details = await Orders.GetAsync(issued.Id, scene.Owner, Ct);
        Assert.Equal((DelegatedOrderState.Canceled, null, false), (details.Row.State, details.Row.NextAt, details.Row.IsRunning));
        Assert.Equal(details.Certificates[^1].NotAfter, details.Row.LastNotAfter);
        Assert.Contains((await Delegations.GetAsync(delegation.Id, scene.Owner, Ct)).History, record => record.Action is AuditAction.DelegatedOrderCanceled);
    }

    [Fact]
    public async Task Delegation_CountsWhatRunsAndWhatWaits()
    {
        await IssuedAsync();
        await scene.Portal.Get<DelegationService>().ChangeAsync(delegation.Id, DelegationScene.Terms() with { Approval = DelegationApproval.Person }, scene.Owner, Ct);
        using var waiting = await scene.RegisterAsync(DelegationScene.Registration());
        Assert.Equal(HttpStatusCode.Created, waiting.StatusCode);
        var row = Assert.Single((await Delegations.FindAsync(null, 1, scene.Owner, Ct)).Rows);
        Assert.Equal((1, 1, "CDN One", "ada"), (row.Running, row.Waiting, row.Consumer, row.OwnerName));
        Assert.Equal(DelegatedOrderState.AwaitsApproval, Assert.Single((await Orders.FindAsync(new(Status: DelegatedOrderStatus.Waiting), scene.Owner, Ct)).Rows).State);
        Assert.Single((await Delegations.GetAsync(delegation.Id, scene.Owner, Ct)).Lines);
    }

    [Fact]
    public async Task Lists_ComePageByPage()
    {
        for (var i = 0; i < DelegatedOrderSearch.PageSize; i++)
        {
            scene.Portal.Clock.Advance(TimeSpan.FromSeconds(1));
            using var registered = await scene.RegisterAsync(DelegationScene.Registration());
            Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        }

        scene.Portal.Clock.Advance(TimeSpan.FromSeconds(1));
        using var last = await scene.RegisterAsync(DelegationScene.Registration());
        var (first, second) = (await Orders.FindAsync(new(delegation.Id), scene.Owner, Ct), await Orders.FindAsync(new(delegation.Id, Page: 2), scene.Owner, Ct));
        Assert.Equal((DelegatedOrderSearch.PageSize, 1, DelegatedOrderSearch.PageSize + 1), (first.Rows.Count, second.Rows.Count, first.Total));
        Assert.EndsWith($"{first.Rows[0].Order.Id:N}", $"{last.Headers.Location}", StringComparison.Ordinal);
        Assert.DoesNotContain(second.Rows[0].Order.Id, first.Rows.Select(row => row.Order.Id));
    }

    private async Task<DelegatedOrder> IssuedAsync()
    {
        Assert.Equal("valid", (string?)(await scene.RegisterAndWaitAsync())["status"]);
        await using var db = scene.Portal.NewDb();
        return await db.DelegatedOrders.SingleAsync(order => order.Status == DelegatedOrderStatus.Valid, Ct);
    }

    private IEnumerable<Func<Task>> Looks(Guid orderId, Actor reader) =>
        [() => Delegations.GetAsync(delegation.Id, reader, Ct), () => Orders.GetAsync(orderId, reader, Ct), () => Consumers.GetAsync(scene.Consumer.Id, reader, Ct)];

    private static Actor Somebody(PortalRole role) => new(Guid.NewGuid(), $"{role}", [new ActorGrant(role, null)]) { HasSecondFactor = true };
}
