using System.Net;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>What is at an order's own certificate URL, a second old at most, and who takes it.</summary>
public sealed class KeptCertificates(IDbContextFactory<PortalDbContext> contexts, KeptFetches fetches, TimeProvider clock)
{
    private readonly SnapshotCache<Guid, KeptPublication> known = new(10_000);

    /// <exception cref="AcmeException">404; autoRenewalCanceled, autoRenewalExpired; late.</exception>
    internal async ValueTask<StarCertificateAnswer> GetAsync(Guid orderId, IPAddress? from, CancellationToken ct)
    {
        var found = known.Find(orderId, clock.GetTimestamp() - clock.TimestampFrequency) ?? await ReadAsync(orderId, ct) ?? throw AcmeErrors.NotFound();
        var answer = found.AnswerAt(clock.GetUtcNow());
        fetches.Count(orderId, from);
        return answer;
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

    private async Task<KeptPublication?> ReadAsync(Guid orderId, CancellationToken ct)
    {
        var readAt = clock.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var order = await db.DelegatedOrders.AsNoTracking().FirstOrDefaultAsync(candidate => candidate.Id == orderId, ct);
        if (order is null || await FindLastAsync(orderId, ct) is not { } certificate) return null;
        var publication = new KeptPublication(order, certificate);
        known.Put(orderId, publication, readAt);
        return publication;
    }
}
