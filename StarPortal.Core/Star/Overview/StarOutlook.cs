using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Star;

/// <summary>How all STAR orders stand, and what renewing them will cost in the coming day.</summary>
/// <param name="LoadByHour">Certificates to issue in each of the next 24 hours; what is overdue is in the first.</param>
/// <param name="IsEstimate">Some hours have more orders than were looked at one by one.</param>
public sealed record StarFigures(int Active, int Late, int Troubled, int Waiting, int Ended, int Canceled, IReadOnlyList<KeyValuePair<DateTimeOffset, long>> LoadByHour, bool IsEstimate);

/// <summary>
/// Counts by index. An order is counted in the hour of its next certificate; how often those of an hour come again within the day is worked out for
/// <see cref="SampleSize"/> of them, which stand for the others. So the work is bounded, and exact where an hour has no more than that.
/// </summary>
public sealed class StarOutlook(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public const int SampleSize = 200;

    private const int Hours = 24;

    /// <exception cref="ServiceException">Unauthenticated, Forbidden: for administrators and auditors only.</exception>
    public async Task<StarFigures> ReadAsync(Actor actor, CancellationToken ct)
    {
        actor.Require(actor.Is(PortalRole.Auditor) ? PortalRole.Auditor : PortalRole.Administrator);
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var counts = await db.StarOrders.GroupBy(order => new { order.Status, IsOver = order.EndDate <= now }).Select(group => new { group.Key.Status, group.Key.IsOver, Count = group.Count() }).ToListAsync(ct);
        var troubled = await db.StarOrders.In(StarOrderState.Troubled, now).CountAsync(ct);
        var late = await db.StarOrders.In(StarOrderState.Late, now).CountAsync(ct);
        var (load, isEstimate) = await LoadAsync(db, now, ct);
        return new StarFigures(
            Count(StarOrderStatus.Active, false) - troubled - late, late, troubled, Count(StarOrderStatus.Waiting, false) + Count(StarOrderStatus.Waiting, true), Count(StarOrderStatus.Active, true),
            Count(StarOrderStatus.Canceled, false) + Count(StarOrderStatus.Canceled, true), load, isEstimate);

        int Count(StarOrderStatus status, bool isOver) => counts.Where(count => count.Status == status && count.IsOver == isOver).Sum(count => count.Count);
    }

    private static async Task<(IReadOnlyList<KeyValuePair<DateTimeOffset, long>> Load, bool IsEstimate)> LoadAsync(PortalDbContext db, DateTimeOffset now, CancellationToken ct)
    {
        var (load, isEstimate) = (new double[Hours], false);
        for (var hour = 0; hour < Hours; hour++)
        {
            var (from, to) = (hour == 0 ? DateTimeOffset.MinValue : now.AddHours(hour), now.AddHours(hour + 1));
            var due = db.StarOrders.AsNoTracking().Where(order => order.DueAt >= from && order.DueAt < to);
            var count = await due.CountAsync(ct);
            if (count == 0) continue;
            var sample = await due.OrderBy(order => order.DueAt).Take(SampleSize)
                .Select(order => new { order.StartsAt, order.EndDate, order.Lifetime, order.LifetimeAdjust, order.NextSlot, order.DueAt }).ToListAsync(ct);
            foreach (var order in sample)
                Add(load, new AutoRenewal(order.StartsAt!.Value, order.EndDate, order.Lifetime, order.LifetimeAdjust), order.NextSlot, order.DueAt!.Value, now, (double)count / sample.Count);
            isEstimate |= count > sample.Count;
        }

        return ([.. load.Select((amount, hour) => KeyValuePair.Create(now.AddHours(hour), (long)Math.Round(amount)))], isEstimate);
    }

    /// <param name="dueAt">Later than the slot begins where something stands against it.</param>
    private static void Add(double[] load, AutoRenewal plan, long nextSlot, DateTimeOffset dueAt, DateTimeOffset now, double weight)
    {
        var done = nextSlot - 1;
        for (var hour = 0; hour < Hours; hour++)
        {
            var end = now.AddHours(hour + 1);
            if (dueAt >= end) continue;
            var last = Math.Max(done, plan.IndexAt(end.AddTicks(-1)));
            load[hour] += (last - done) * weight;
            done = last;
        }
    }
}
