using System.Collections.Concurrent;
using System.Net;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Star;

/// <summary>Who fetched what and how often, gathered in memory and written every few seconds: a fetch costs no write, and a crash the last few seconds' count.</summary>
public sealed class FetchCounter(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private ConcurrentDictionary<Guid, Tally> tallies = new();

    internal void Count(Guid orderId, IPAddress? address)
    {
        var now = clock.GetUtcNow();
        var tally = Volatile.Read(ref tallies).GetOrAdd(orderId, _ => new Tally());
        tally.Add(address, now);
    }

    /// <summary>Writes what was gathered.</summary>
    public async Task FlushAsync(CancellationToken ct)
    {
        var gathered = Interlocked.Exchange(ref tallies, new ConcurrentDictionary<Guid, Tally>());
        if (gathered.IsEmpty) return;
        await using var db = await contexts.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        foreach (var (id, tally) in gathered)
        {
            var (count, at, from) = tally.Read();
            await db.StarOrders.Where(order => order.Id == id).ExecuteUpdateAsync(set => set
                .SetProperty(order => order.Fetches, order => order.Fetches + count).SetProperty(order => order.LastFetchAt, at).SetProperty(order => order.LastFetchFrom, from), ct);
        }

        await transaction.CommitAsync(ct);
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

        public (long Count, DateTimeOffset At, string? From) Read()
        {
            lock (gate) return (count, at, from?.ToString());
        }
    }
}
