using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;

namespace StarPortal.Core.Star;

/// <summary>
/// The current certificate of each order that is fetched, ready to be sent. What is older than a second is read again, since another node may have
/// renewed or canceled; what this node changes is seen at once.
/// </summary>
public sealed class StarShelf(IDbContextFactory<PortalDbContext> contexts, CertificateShelf certificates, TimeProvider clock)
{
    private readonly SnapshotCache<Guid, PublishedCertificate> published = new(20_000);

    /// <returns>Null: no order has this id.</returns>
    internal ValueTask<PublishedCertificate?> FindAsync(Guid fetchId, CancellationToken ct) =>
        published.Find(fetchId, clock.GetTimestamp() - clock.TimestampFrequency) is { } known ? new(known) : new(ReadAsync(fetchId, ct));

    /// <returns>Whether there is an order of this id, as far as this node has seen; it may have changed since.</returns>
    internal bool Knows(Guid fetchId) => published.Find(fetchId, long.MinValue) is not null;

    internal void Forget(Guid fetchId) => published.Remove(fetchId);

    private async Task<PublishedCertificate?> ReadAsync(Guid fetchId, CancellationToken ct)
    {
        var readAt = clock.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var found = await db.StarOrders.AsNoTracking().Where(order => order.FetchId == fetchId)
            .LeftJoin(db.StarCertificates, order => new { OrderId = order.Id, Slot = order.NextSlot - 1 }, certificate => new { certificate.OrderId, certificate.Slot },
                (order, certificate) => new { Order = order, Certificate = certificate })
            .FirstOrDefaultAsync(ct);
        if (found is null)
        {
            published.Remove(fetchId);
            return null;
        }

        var current = Publish(found.Order, found.Certificate);
        published.Put(fetchId, current, readAt);
        return current;
    }

    private PublishedCertificate Publish(StarOrder order, StarCertificate? certificate) => new()
    {
        OrderId = order.Id, AccountId = order.AccountId, Status = order.Status, AllowsGet = order.AllowCertificateGet, IsDraft = order.IsDraft, EndDate = order.EndDate,
        Certificate = certificate is null ? null
            : ServedCertificate.Of(certificates.Compose(certificate.Der, order.Issuer!), certificate.SerialNumber.ToString(), certificate.NotBefore, certificate.NotAfter),
        NextAt = order.Schedule is { } plan && order.NextSlot < plan.SlotCount ? plan[order.NextSlot].NotBefore : null,
    };
}
