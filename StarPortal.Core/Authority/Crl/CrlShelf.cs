using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Authority;

/// <summary>The newest CRL of each issuer, kept in memory and compared with the database's number every few seconds.</summary>
public sealed class CrlShelf(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Place> places = new(StringComparer.Ordinal);

    /// <returns>Null when there is none yet, or no such issuer.</returns>
    public async Task<PublishedCrl?> FindAsync(string issuer, CancellationToken ct)
    {
        if (!Issuers.Names.Contains(issuer, StringComparer.Ordinal)) return null;
        var place = places.GetValueOrDefault(issuer);
        var now = clock.GetUtcNow();
        if (place is not null && (now - place.CheckedAt).Duration() < Freshness) return place.Crl;

        await using var db = await contexts.CreateDbContextAsync(ct);
        var newest = place?.Crl.Number ?? 0;
        var crl = await db.PublishedCrls.AsNoTracking().Where(candidate => candidate.Issuer == issuer && candidate.Number > newest)
            .OrderByDescending(candidate => candidate.Number).FirstOrDefaultAsync(ct) ?? place?.Crl;
        if (crl is not null) Put(crl);
        return crl;
    }

    internal void Put(PublishedCrl crl) => places.AddOrUpdate(
        crl.Issuer, _ => new Place(crl, clock.GetUtcNow()), (_, held) => new Place(held.Crl.Number > crl.Number ? held.Crl : crl, clock.GetUtcNow()));

    private sealed record Place(PublishedCrl Crl, DateTimeOffset CheckedAt);
}
