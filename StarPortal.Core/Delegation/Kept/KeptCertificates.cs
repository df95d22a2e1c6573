using System.Net;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;

namespace StarPortal.Core.Delegation;

/// <summary>What is at an order's own certificate URL, a second old at most, and who takes it.</summary>
public sealed class KeptCertificates(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private readonly SnapshotCache<Guid, KeptAnswer> known = new(10_000);

    /// <exception cref="AcmeException">404; autoRenewalCanceled, autoRenewalExpired; late.</exception>
    internal async ValueTask<KeptAnswer> GetAsync(Guid orderId, IPAddress? from, CancellationToken ct)
    {
        var found = known.Find(orderId, clock.GetTimestamp() - clock.TimestampFrequency) ?? await ReadAsync(orderId, ct) ?? throw AcmeErrors.NotFound();
        found.RequirePublished(clock.GetUtcNow());
        await CountAsync(orderId, from, ct);
        return found;
    }

    /// <summary>The order's last certificate.</summary>
    public async Task<KeptCertificate?> FindLastAsync(Guid orderId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.KeptCertificates.AsNoTracking().Where(certificate => certificate.OrderId == orderId).OrderByDescending(certificate => certificate.Number).FirstOrDefaultAsync(ct);
    }

    /// <summary>Those of an order that end later.</summary>
    public async Task<IReadOnlyList<KeptCertificate>> ListEndingAfterAsync(Guid orderId, DateTimeOffset time, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.KeptCertificates.AsNoTracking().Where(certificate => certificate.OrderId == orderId && certificate.NotAfter > time).OrderBy(certificate => certificate.Number).ToListAsync(ct);
    }

    private async Task<KeptAnswer?> ReadAsync(Guid orderId, CancellationToken ct)
    {
        var readAt = clock.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var order = await db.DelegatedOrders.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == orderId, ct);
        if (order is null || await FindLastAsync(orderId, ct) is not { } certificate) return null;
        var answer = new KeptAnswer(order, certificate);
        known.Put(orderId, answer, readAt);
        return answer;
    }

    private async Task CountAsync(Guid orderId, IPAddress? from, CancellationToken ct)
    {
        var (now, address) = (clock.GetUtcNow(), from?.ToString());
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.DelegatedOrders.Where(order => order.Id == orderId).ExecuteUpdateAsync(set => set
            .SetProperty(order => order.Fetches, order => order.Fetches + 1).SetProperty(order => order.LastFetchAt, now).SetProperty(order => order.LastFetchFrom, address), ct);
    }
}
