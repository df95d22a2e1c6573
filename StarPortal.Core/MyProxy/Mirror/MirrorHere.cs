using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.MyProxy;

/// <summary>What of this repository other portals are to have: what is served here, but for copies of others.</summary>
public sealed class MirrorHere(IDbContextFactory<PortalDbContext> contexts, CredentialVault vault, TimeProvider clock)
{
    /// <summary>Without opening a key; the database is read through once.</summary>
    internal async Task<MirrorHoldings> DigestAsync(MirrorSecret secret, CancellationToken ct)
    {
        var holdings = new MirrorHoldings();
        await using var db = await contexts.CreateDbContextAsync(ct);
        await foreach (var row in Own(db).AsAsyncEnumerable().WithCancellation(ct))
        {
            if (TryRead(row) is { } content) holdings.Digests[row.NameHash] = secret.DigestOf(content);
            else holdings.Unreadable[row.NameHash] = MyProxyAudit.Describe(row.Key);
        }

        return holdings;
    }

    /// <summary>Some, by name, as they are now; those that are not to be there are left out.</summary>
    /// <returns>Name → what it is called, and its content; null: it can't be read.</returns>
    internal async Task<IReadOnlyDictionary<string, (string Called, byte[]? Content)>> ReadAsync(IReadOnlyList<string> names, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var rows = await Own(db).Where(row => names.Contains(row.NameHash)).ToListAsync(ct);
        return rows.ToDictionary(row => row.NameHash, row => (MyProxyAudit.Describe(row.Key), TryRead(row)), StringComparer.Ordinal);
    }

    private IQueryable<StoredCredential> Own(PortalDbContext db) => ServedCredentials.Of(db, clock.GetUtcNow()).AsNoTracking().Where(row => row.Origin != CredentialOrigin.Mirror);

    /// <returns>Null: sealed under another server key.</returns>
    private byte[]? TryRead(StoredCredential row)
    {
        try
        {
            return MirrorContent.Of(row, vault.Unseal(row)).ToBytes();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>What is here, by name.</summary>
internal sealed class MirrorHoldings
{
    public Dictionary<string, string> Digests { get; } = new(StringComparer.Ordinal);

    /// <summary>What they are called.</summary>
    public Dictionary<string, string> Unreadable { get; } = new(StringComparer.Ordinal);
}
