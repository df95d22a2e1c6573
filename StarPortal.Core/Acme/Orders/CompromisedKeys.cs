using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>Hashes of the keys that were reported as compromised: few, asked for at every issuance, so kept in memory and caught up with every few seconds.</summary>
public sealed class CompromisedKeys(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>Revocations that other nodes commit late, or date by a clock of their own.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, bool> hashes = new(StringComparer.Ordinal);
    private DateTimeOffset readTo = DateTimeOffset.MinValue;
    private long readAt = long.MinValue;

    public async ValueTask<bool> ContainAsync(string keyHash, CancellationToken ct)
    {
        var last = Interlocked.Read(ref readAt);
        if (last == long.MinValue || clock.GetElapsedTime(last) > Fresh) await CatchUpAsync(ct);
        return hashes.ContainsKey(keyHash);
    }

    /// <summary>Of this node: counts at once.</summary>
    public void Add(string keyHash) => hashes[keyHash] = true;

    private async Task CatchUpAsync(CancellationToken ct)
    {
        var (now, from) = (clock.GetUtcNow(), readTo);
        var started = clock.GetTimestamp();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var found = await db.IssuedCertificates.AsNoTracking()
            .Where(certificate => certificate.RevokedAt > from && certificate.RevocationReason == RevocationReason.KeyCompromise).Select(certificate => certificate.KeyHash).ToListAsync(ct);
        foreach (var hash in found) hashes[hash] = true;
        readTo = now - Overlap;
        Interlocked.Exchange(ref readAt, started);
    }
}
