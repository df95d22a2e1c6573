using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>Lists on the wire, page by page.</summary>
internal static class DelegationPages
{
    private const int MostSkipped = 100_000;

    /// <param name="cursor">What the page before gave; null: the first page.</param>
    /// <exception cref="AcmeException">malformed: not a cursor of ours.</exception>
    public static async Task<(IReadOnlyList<T> Items, string? Next)> ReadAsync<T>(IQueryable<T> sorted, string? cursor, int size, CancellationToken ct)
    {
        var skipped = 0;
        if (cursor is not null && (!int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out skipped) || skipped > MostSkipped)) throw AcmeErrors.Malformed("This is not a page of the list.");
        var items = await sorted.Skip(skipped).Take(size + 1).ToListAsync(ct);
        return items.Count > size ? (items[..size], (skipped + size).ToString(CultureInfo.InvariantCulture)) : (items, null);
    }
}
