using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Delegation;

/// <summary>Ends orders that were never finalized; forgets orders some time after their end, with their certificates, and kept certificates that have long ended.</summary>
internal sealed class DelegationUpkeepJob(IDbContextFactory<PortalDbContext> contexts, DelegatedOrderBook book, IOptions<DelegationOptions> options, TimeProvider clock) : IPortalJob
{
    private const int Batch = 500;

    public string Name => "delegation-upkeep";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var lapsed = 0;
        while (await FindLapsedAsync(ct) is { Count: > 0 } orders)
        {
            foreach (var order in orders) await book.TryChangeAsync(order, ready => ready.Fail(AcmeProblemType.Unauthorized, "It was not finalized in time.", null, clock.GetUtcNow()), null, ct);
            lapsed += orders.Count;
        }

        return $"{lapsed} orders lapsed; {await ForgetAsync(ct)} orders forgotten";
    }

    private async Task<List<DelegatedOrder>> FindLapsedAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.DelegatedOrders.AsNoTracking().Where(order => order.Status == DelegatedOrderStatus.Ready && order.ExpiresAt <= now).OrderBy(order => order.Id).Take(Batch).ToListAsync(ct);
    }

    private async Task<int> ForgetAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - options.Value.KeepEnded;
        await using var db = await contexts.CreateDbContextAsync(ct);
        await db.KeptCertificates.Where(certificate => certificate.NotAfter < before).ExecuteDeleteAsync(ct);
        return await db.DelegatedOrders.Where(order => (order.EndedAt < before && !order.IsCancelPending)
            || (order.Status == DelegatedOrderStatus.Valid && order.DueAt == null && order.LastNotAfter < before && order.EndDate < before)
            || (order.Status == DelegatedOrderStatus.Valid && !order.IsStar && order.LastNotAfter < before)).ExecuteDeleteAsync(ct);
    }
}
