using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <param name="Next">Where the next page starts; null: this is the last one.</param>
internal sealed record AccountOrdersPage(IReadOnlyList<Guid> OrderIds, string? Next);

/// <summary>An account's orders list (RFC 8555 7.1.2.1), the newest first: without those that are invalid or have run out.</summary>
internal sealed class AccountOrders(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <param name="cursor">What <see cref="AccountOrdersPage.Next"/> gave; null: the first page.</param>
    /// <exception cref="AcmeException">malformed: not a cursor of ours.</exception>
    public async Task<AccountOrdersPage> ListAsync(Guid accountId, string? cursor, CancellationToken ct)
    {
        var (at, behind) = Parse(cursor);
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var rows = await db.AcmeOrders.AsNoTracking().Where(order => order.AccountId == accountId && order.CreatedAt <= at && (order.CreatedAt < at || order.Id.CompareTo(behind) > 0)
                && order.Status != AcmeOrderStatus.Invalid && ((order.Status != AcmeOrderStatus.Pending && order.Status != AcmeOrderStatus.Ready) || order.ExpiresAt > now))
            .OrderByDescending(order => order.CreatedAt).ThenBy(order => order.Id).Take(PageSize + 1).Select(order => new { order.Id, order.CreatedAt }).ToListAsync(ct);
        if (rows.Count <= PageSize) return new AccountOrdersPage([.. rows.Select(row => row.Id)], null);

        // The next page begins behind this order, not behind so many: what comes in or fails meanwhile shifts nothing.
        var last = rows[PageSize - 1];
        return new AccountOrdersPage([.. rows.Take(PageSize).Select(row => row.Id)], $"{last.CreatedAt.UtcTicks}-{last.Id:N}");
    }

    private static (DateTimeOffset At, Guid Behind) Parse(string? cursor)
    {
        if (cursor is null) return (DateTimeOffset.MaxValue.ToUniversalTime(), Guid.Empty);
        var parts = cursor.Split('-');
        if (parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(parts[1], "N", out var behind))
            return (new DateTimeOffset(ticks, TimeSpan.Zero), behind);
        throw AcmeErrors.Malformed("This is not a page of the orders list.");
    }
}
