using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>
/// The accounts that sign requests, so that a request costs neither a query nor the import of a key. Hot. What this node changes is seen at once; what another
/// node changed, within <see cref="Freshness"/>.
/// </summary>
public sealed class AccountCache(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private const int MaxAccounts = 20_000;

    private readonly ConcurrentDictionary<Guid, KnownAccount> known = [];
    private long changes;

    internal ValueTask<KnownAccount?> FindAsync(Guid id, CancellationToken ct) =>
        known.TryGetValue(id, out var account) && clock.GetUtcNow() < account.FreshUntil ? new(account) : new(ReadAsync(id, account?.Key, ct));

    /// <summary>Call it after an account was changed, when that is saved.</summary>
    public void Forget(Guid id)
    {
        Interlocked.Increment(ref changes);
        known.TryRemove(id, out _);
    }

    /// <summary>Call it after a binding was changed.</summary>
    public void ForgetAll()
    {
        Interlocked.Increment(ref changes);
        known.Clear();
    }

    private async Task<KnownAccount?> ReadAsync(Guid id, AcmeJwk? previousKey, CancellationToken ct)
    {
        var before = Interlocked.Read(ref changes);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var account = await db.AcmeAccounts.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Id == id, ct);
        if (account is null) return null;
        var binding = account.ExternalAccountKeyId is { } bindingId ? await db.ExternalAccountKeys.AsNoTracking().SingleAsync(key => key.Id == bindingId, ct) : null;
        var key = previousKey?.Json == account.Jwk ? previousKey : AcmeJwk.Restore(account.Jwk);
        var read = new KnownAccount(account, binding, key, clock.GetUtcNow() + Freshness);
        Keep(read, before);
        return read;
    }

    /// <summary>Unless something was changed while it was read: it may be the old state.</summary>
    private void Keep(KnownAccount read, long before)
    {
        if (known.Count >= MaxAccounts) foreach (var old in known.Keys.Take(MaxAccounts / 10)) known.TryRemove(old, out _);
        known[read.Account.Id] = read;
        if (Interlocked.Read(ref changes) != before) known.TryRemove(read.Account.Id, out _);
    }
}
