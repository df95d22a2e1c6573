using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>What owners hear of by mail when it happens: that somebody waits for them. One mail as long as anything waits, however many ask.</summary>
public sealed class DelegationNews(ITemplateMail mail, AccountContacts contacts, IOptions<PortalOptions> portal)
{
    /// <summary>Adds to the unit of work that lets the order wait.</summary>
    public async Task AddWaitingAsync(PortalDbContext db, DelegatedOrder order, CancellationToken ct)
    {
        if (await db.DelegatedOrders.AnyAsync(other => other.OwnerId == order.OwnerId && other.Status == DelegatedOrderStatus.Waiting && other.Id != order.Id, ct)) return;
        var consumer = await db.DelegationConsumers.Where(known => known.Id == order.ConsumerId).Select(known => known.Name).SingleOrDefaultAsync(ct) ?? "Somebody without a credential";
        foreach (var (recipient, i) in (await contacts.FindAsync(db, order.OwnerId, ct)).Select((recipient, i) => (recipient, i)))
            mail.Add(db, $"delegated-order:{order.Id:N}:waiting:{i}", "delegation/order-waiting", recipient, new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["fullName"] = recipient.Name,
                ["consumer"] = consumer,
                ["names"] = order.Names.Replace('\n', ' '),
                ["until"] = $"{order.ExpiresAt:d MMMM yyyy}",
                ["link"] = portal.Value.Link("/delegations"),
            });
    }
}
