using System.Net;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Star;

namespace StarPortal.Core.Delegation;

/// <summary>Fetches of certificates that the portal keeps for other CAs: <see cref="FetchTallies"/>.</summary>
public sealed class KeptFetches(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private readonly FetchTallies tallies = new(contexts, clock);

    internal void Count(Guid orderId, IPAddress? address) => tallies.Count(orderId, address);

    /// <summary>Writes what was gathered.</summary>
    public Task FlushAsync(CancellationToken ct) => tallies.FlushAsync(AddAsync, ct);

    private static Task AddAsync(PortalDbContext db, FetchTally tally, CancellationToken ct) =>
        db.DelegatedOrders.Where(order => order.Id == tally.OrderId).ExecuteUpdateAsync(set => set
            .SetProperty(order => order.Fetches, order => order.Fetches + tally.Count).SetProperty(order => order.LastFetchAt, tally.At).SetProperty(order => order.LastFetchFrom, tally.From), ct);
}
