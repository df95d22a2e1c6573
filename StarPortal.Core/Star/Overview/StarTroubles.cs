using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Star;

/// <summary>Renewals that do not go as they should; of either kind no more than <see cref="StarTroubles.MostCounted"/> are counted.</summary>
/// <param name="Since">Of the one that stands still the longest.</param>
/// <param name="Reason">Of the same.</param>
/// <param name="LateSince">When the oldest of those that are late was due.</param>
public sealed record StarTrouble(int Standing, DateTimeOffset? Since, string? Reason, int Late, DateTimeOffset? LateSince)
{
    public static readonly StarTrouble None = new(0, null, null, 0, null);
}

/// <summary>Whether renewals stand still or are late, by indexes alone: for the alarms of administrators.</summary>
public sealed class StarTroubles(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public const int MostCounted = 1_000;

    public async Task<StarTrouble> ReadAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (standing, late) = (db.StarOrders.AsNoTracking().In(StarOrderState.Troubled, now), db.StarOrders.AsNoTracking().In(StarOrderState.Late, now));
        var (oldestFirst, dueFirst) = (standing.OrderBy(order => order.TroubleSince), late.OrderBy(order => order.DueAt));
        var oldest = await oldestFirst.Select(order => new { order.TroubleSince, order.Trouble }).FirstOrDefaultAsync(ct);
        var lateSince = await dueFirst.Select(order => order.DueAt).FirstOrDefaultAsync(ct);
        return new StarTrouble(
            oldest is null ? 0 : await oldestFirst.Take(MostCounted).CountAsync(ct), oldest?.TroubleSince, oldest?.Trouble,
            lateSince is null ? 0 : await dueFirst.Take(MostCounted).CountAsync(ct), lateSince);
    }
}
