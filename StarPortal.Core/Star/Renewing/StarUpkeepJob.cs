using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>
/// Cancels the STAR orders of accounts that have ended, before their next renewal would; forgets certificates some time after their end, orders
/// three times as long after theirs, and how often certificates were fetched on days that are shown no more.
/// </summary>
internal sealed class StarUpkeepJob(IDbContextFactory<PortalDbContext> contexts, StarPublication publication, IOptions<StarOptions> options, TimeProvider clock) : IPortalJob
{
    private const int Batch = 500;

    private static readonly Actor Janitor = Actor.System("star-upkeep");

    public string Name => "star-upkeep";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var canceled = 0;
        while (await FindAbandonedAsync(ct) is { Count: > 0 } orders)
        {
            foreach (var order in orders) await publication.EndAsync(order, "The account that ordered was deactivated or revoked.", Janitor, ct);
            canceled += orders.Count;
        }

        var (certificates, forgotten) = await ForgetAsync(ct);
        return $"{canceled} orders of ended accounts canceled; {certificates} certificates and {forgotten} orders forgotten";
    }

    private async Task<List<StarOrder>> FindAbandonedAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var ended = db.AcmeAccounts.Where(account => account.Status != AcmeAccountStatus.Valid).Select(account => account.Id);
        return await db.StarOrders.AsNoTracking().Where(order => order.Status == StarOrderStatus.Active && order.EndDate > now && ended.Contains(order.AccountId))
            .OrderBy(order => order.Id).Take(Batch).ToListAsync(ct);
    }

    private async Task<(int Certificates, int Orders)> ForgetAsync(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - options.Value.KeepCertificates;
        var longBefore = before - (options.Value.KeepCertificates * 2);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var firstShown = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(1 - FetchDay.Shown);
        await db.FetchDays.Where(day => day.Day < firstShown).ExecuteDeleteAsync(ct);
        var certificates = await db.StarCertificates.Where(certificate => certificate.NotAfter < before).ExecuteDeleteAsync(ct);
        var orders = await db.AcmeOrders.Where(order => order.Kind == StarOrderExtension.KindName && (order.Status == AcmeOrderStatus.Valid || order.Status == AcmeOrderStatus.Canceled)
            && order.ExpiresAt < longBefore).ExecuteDeleteAsync(ct); // The STAR half of each goes with it.
        return (certificates, orders);
    }
}
