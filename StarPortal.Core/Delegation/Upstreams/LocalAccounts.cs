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
    private readonly SemaphoreSlim opening = new(1); // Of two orders at once, both have to be the one account's.

    /// <summary>For the owner of delegated names.</summary>
    public async Task<AcmeCaller> CallerAsync(Guid ownerId, CancellationToken ct)
    {
        var account = await FindAsync(ownerId, ct) ?? await FindOrOpenAsync(ownerId, ct);
        return new AcmeCaller(account, null, Actor.System("delegation"), links.Account(account.Id), AcmeJwk.Restore(account.Jwk).KeyHash);
    }

    public void Dispose() => opening.Dispose();

    private async Task<AcmeAccount?> FindAsync(Guid ownerId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.AcmeAccounts.AsNoTracking().Where(known => known.OwnerId == ownerId && known.Directory == AcmeAccount.InternalDirectory).OrderBy(known => known.CreatedAt).FirstOrDefaultAsync(ct);
    }

    private async Task<AcmeAccount> FindOrOpenAsync(Guid ownerId, CancellationToken ct)
    {
        await opening.WaitAsync(ct);
        try
        {
            return await FindAsync(ownerId, ct) ?? await OpenAsync(ownerId, ct);
        }
        finally
        {
            opening.Release();
        }
    }

    private async Task<AcmeAccount> OpenAsync(Guid ownerId, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256); // Its private half is gone with this method.
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var account = AcmeAccount.Create(AcmeAccount.InternalDirectory, AcmeJwk.OfEc("P-256", point.X!, point.Y!), [], null, clock.GetUtcNow());
        account.ChangeOwner(ownerId);
        db.AcmeAccounts.Add(account);
        await db.SaveChangesAsync(ct);
        return account;
    }
}
