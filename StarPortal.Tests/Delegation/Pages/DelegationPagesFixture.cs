using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Delegation;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Delegation;

/// <summary>A running portal with its demo: the persona owner, a domain, two CDNs with certificates for one name.</summary>
public sealed class DelegationPagesFixture : IAsyncLifetime
{
    public const string Name = "www.observatory.localhost";

    public PortalApplication Portal { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Portal = await PortalApplication.StartAsync();
        while (!await AreIssuedAsync()) await Task.Delay(50, Ct);
    }

    public ValueTask DisposeAsync() => Portal.DisposeAsync();

    public async Task<PlainBrowser> SignedInAsync(string role)
    {
        var browser = new PlainBrowser(Portal);
        await browser.SignInAsync(Portal.PersonaOf(role));
        return browser;
    }

    /// <summary>The demo's order of a CDN, and its delegation.</summary>
    public async Task<(Guid Order, Guid Delegation, Guid Consumer)> FindAsync(string cdn)
    {
        await using var db = Portal.NewDb();
        var consumer = await db.DelegationConsumers.SingleAsync(candidate => candidate.Name == cdn, Ct);
        var order = await db.DelegatedOrders.Where(candidate => candidate.ConsumerId == consumer.Id).OrderBy(candidate => candidate.CreatedAt).FirstAsync(Ct);
        return (order.Id, order.DelegationId, consumer.Id);
    }

    private async Task<bool> AreIssuedAsync()
    {
        await using var db = Portal.NewDb();
        var orders = await db.DelegatedOrders.ToListAsync(Ct);
        Assert.DoesNotContain(orders, order => order.Status is DelegatedOrderStatus.Invalid);
        return orders.Count(order => order.Status is DelegatedOrderStatus.Valid) == 2;
    }
}
