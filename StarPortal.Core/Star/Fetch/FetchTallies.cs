using System.Collections.Concurrent;
using System.Net;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Star;

/// <summary>Who fetched what and how often, gathered in memory and written every few seconds: a fetch costs no write, and a crash the last few seconds' count.</summary>
internal sealed class FetchTallies(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private const int Batch = 500;
    private const int Attempts = 5;

    private ConcurrentDictionary<(Guid OrderId, long Day), Tally> tallies = new();

    public void Count(Guid orderId, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        Volatile.Read(ref tallies).GetOrAdd((orderId, now.UtcTicks / TimeSpan.TicksPerDay), _ => new Tally()).Add(address, now);
    }

    /// <summary>Writes what was gathered: the days here, the orders' totals by who has the orders.</summary>
    public async Task FlushAsync(Func<PortalDbContext, FetchTally, CancellationToken, Task> addToTotal, CancellationToken ct)
    {
        var gathered = Interlocked.Exchange(ref tallies, new());
        if (gathered.IsEmpty) return;
        List<FetchTally> counted = [.. gathered.OrderBy(tally => tally.Key.Day).Select(tally => tally.Value.Read(tally.Key.OrderId, tally.Key.Day))];
        foreach (var chunk in counted.Chunk(Batch)) await BeginDaysAsync(chunk, ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        foreach (var tally in counted)
        {
            await db.FetchDays.Where(day => day.OrderId == tally.OrderId && day.Day == tally.Day).ExecuteUpdateAsync(set => set.SetProperty(day => day.Count, day => day.Count + tally.Count), ct);
            await addToTotal(db, tally, ct);
        }

        await transaction.CommitAsync(ct);
    }

    /// <summary>Before the transaction, which a row that another node was faster with would end.</summary>
    private async Task BeginDaysAsync(FetchTally[] counted, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await AddMissingAsync(counted, ct);
                return;
            }
            catch (DbUpdateException) when (attempt < Attempts)
            {
                // What another node has added by now is seen the next time.
            }
        }
    }

    private async Task AddMissingAsync(FetchTally[] counted, CancellationToken ct)
    {
        Guid[] orders = [.. counted.Select(tally => tally.OrderId)];
        var first = counted[0].Day;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var known = (await db.FetchDays.AsNoTracking().Where(day => orders.Contains(day.OrderId) && day.Day >= first).Select(day => new { day.OrderId, day.Day }).ToListAsync(ct)).ToHashSet();
        db.FetchDays.AddRange(counted.Where(tally => !known.Contains(new { tally.OrderId, tally.Day })).Select(tally => FetchDay.Begin(tally.OrderId, tally.Day)));
        await db.SaveChangesAsync(ct);
    }

    private sealed class Tally
    {
        private readonly Lock gate = new();
        private long count;
        private IPAddress? from;
        private DateTimeOffset at;

        public void Add(IPAddress? address, DateTimeOffset now)
        {
            lock (gate) (count, from, at) = (count + 1, address, now);
        }

        public FetchTally Read(Guid orderId, long day)
        {
            lock (gate) return new FetchTally(orderId, DateOnly.FromDayNumber((int)day), count, at, from?.ToString());
        }
    }
}
