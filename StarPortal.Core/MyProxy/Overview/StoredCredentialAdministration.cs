using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What administrators do with stored credentials, whoever owns them. None of it opens a key.</summary>
public sealed class StoredCredentialAdministration(IDbContextFactory<PortalDbContext> contexts, CredentialRewrite rewrite, TimeProvider clock)
{
    /// <param name="message">Whoever tries to log on reads it.</param>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden; NotFound; Invalid beside Message.</exception>
    public Task LockAsync(CredentialKey key, string message, Actor actor, CancellationToken ct) =>
        ChangeAsync(key, actor, AuditAction.MyProxyLocked, message, (_, credential) => credential.Lock(message, holder: null), ct);

    /// <exception cref="ServiceException">Unauthenticated, Forbidden; NotFound; Conflict: not locked.</exception>
    public Task UnlockAsync(CredentialKey key, Actor actor, CancellationToken ct) =>
        ChangeAsync(key, actor, AuditAction.MyProxyUnlocked, null, (_, credential) => credential.Unlock(holder: null), ct);

    /// <exception cref="ServiceException">Unauthenticated, Forbidden; NotFound.</exception>
    public Task RemoveAsync(CredentialKey key, Actor actor, CancellationToken ct) =>
        ChangeAsync(key, actor, AuditAction.MyProxyRemoved, null, (db, credential) => db.StoredCredentials.Remove(credential), ct);

    private async Task ChangeAsync(CredentialKey key, Actor actor, AuditAction action, string? detail, Action<PortalDbContext, StoredCredential> change, CancellationToken ct)
    {
        actor.RequireAdministrator();
        var hash = key.Hash;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var credential = await db.StoredCredentials.SingleOrDefaultAsync(candidate => candidate.NameHash == hash, ct) ?? throw MyProxyErrors.NothingStored(key);
        change(db, credential);
        db.AuditRecords.Add(MyProxyAudit.Of(action, actor, credential, clock.GetUtcNow(), detail));
        await rewrite.SaveAsync(db, ct);
    }
}
