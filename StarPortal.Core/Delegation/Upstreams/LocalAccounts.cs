using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>
/// The accounts that owners have with this portal's own CA, one each: their orders are placed in process. They belong to a directory of which nothing is
/// served, and nobody has their keys, so nobody else can order by them.
/// </summary>
public sealed class LocalAccounts(IDbContextFactory<PortalDbContext> contexts, AcmeLinks links, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1);

    public void Dispose() => gate.Dispose();

    /// <summary>For the owner of delegated names.</summary>
    public async Task<AcmeCaller> CallerAsync(Guid ownerId, CancellationToken ct)
    {
        var account = await FindAsync(ownerId, ct) ?? await OpenOnceAsync(ownerId, ct);
        return new AcmeCaller(account, null, Actor.System("delegation"), links.Account(account.Id), AcmeJwk.Restore(account.Jwk).KeyHash);
    }

    private async Task<AcmeAccount?> FindAsync(Guid ownerId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.AcmeAccounts.AsNoTracking().SingleOrDefaultAsync(known => known.OwnerId == ownerId && known.Directory == AcmeAccount.InternalDirectory, ct);
    }

    /// <summary>Of several orders that are the owner's first at once, one opens the account.</summary>
    private async Task<AcmeAccount> OpenOnceAsync(Guid ownerId, CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            return await FindAsync(ownerId, ct) ?? await OpenAsync(ownerId, ct);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>On another node at the same moment: the unique index lets one through.</summary>
    private async Task<AcmeAccount> OpenAsync(Guid ownerId, CancellationToken ct)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256); // Its private half is gone with this method.
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var account = AcmeAccount.CreateInternal(AcmeJwk.OfEc("P-256", point.X!, point.Y!), ownerId, clock.GetUtcNow());
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.AcmeAccounts.Add(account);
        try
        {
            await db.SaveChangesAsync(ct);
            return account;
        }
        catch (DbUpdateException)
        {
            if (await FindAsync(ownerId, ct) is { } first) return first;
            throw;
        }
    }
}
