using StarPortal.Core.Acme;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>What follows from a batch that is on record: fetchers see the new certificates, and what is over is ended.</summary>
public sealed class StarPublication(StarShelf shelf, StarOrders orders, StarMetrics metrics)
{
    internal void Count(IReadOnlyList<Renewal> renewals, DateTimeOffset now)
    {
        foreach (var renewal in renewals)
            if (renewal.Certificates.Count > 0) shelf.Forget(renewal.Before.FetchId);
        metrics.CountBatch(renewals.Sum(renewal => renewal.Certificates.Count), renewals.Count(renewal => renewal.IsDelayed), now - (renewals[0].Before.DueAt ?? now));
    }

    internal void CountStep(string step, long startedAt) => metrics.CountStep(step, startedAt);

    internal async Task EndAsync(StarOrder order, string reason, Actor actor, CancellationToken ct)
    {
        try
        {
            await orders.CancelAsync(order.Id, reason, actor, ct);
        }
        catch (AcmeException refused) when (refused.Type is AcmeProblemType.AutoRenewalCancellationInvalid)
        {
            // Somebody else was faster.
        }
    }
}
