using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>How often certificates of delegated orders were fetched here, day by day, whichever room counts them. At another CA's own URL nobody counts for us.</summary>
internal static class DelegatedFetchDays
{
    /// <returns>By order: each of the last <see cref="FetchDay.Shown"/> days, today last.</returns>
    public static async Task<IReadOnlyDictionary<Guid, IReadOnlyList<KeyValuePair<DateOnly, long>>>> ReadAsync(PortalDbContext db, IReadOnlyList<DelegatedOrder> orders, DateTimeOffset now, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var first = today.AddDays(1 - FetchDay.Shown);
        Guid[] ids = [.. orders.Select(CounterOf)];
        var found = await db.FetchDays.AsNoTracking().Where(day => ids.Contains(day.OrderId) && day.Day >= first).ToListAsync(ct);
        var counts = found.ToDictionary(day => (day.OrderId, day.Day), day => day.Count);
        return orders.ToDictionary(order => order.Id, IReadOnlyList<KeyValuePair<DateOnly, long>> (order) =>
            [.. Enumerable.Range(0, FetchDay.Shown).Select(i => first.AddDays(i)).Select(day => KeyValuePair.Create(day, counts.GetValueOrDefault((CounterOf(order), day))))]);
    }

    private static Guid CounterOf(DelegatedOrder order) => DelegatedCertificates.LocalIdOf(order) ?? order.Id;
}
