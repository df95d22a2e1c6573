using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What a person has in the repository, by the certificate in it: seen, locked and removed in the portal. Others' does not exist here.</summary>
public sealed class MyStoredCredentials(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    /// <returns>The one that clients get who name none first, then by name.</returns>
    /// <exception cref="ServiceException">Unauthenticated.</exception>
    public Task<IReadOnlyList<StoredCredentialView>> ListAsync(Actor person, CancellationToken ct) => FindAsync(null, person, ct);

    /// <exception cref="ServiceException">Unauthenticated; NotFound.</exception>
    public async Task<StoredCredentialView> GetAsync(Guid id, Actor person, CancellationToken ct) =>
        await FindAsync(id, person, ct) is [var found] ? found : throw MyProxyErrors.NotFound();

    private async Task<IReadOnlyList<StoredCredentialView>> FindAsync(Guid? id, Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificates = db.IssuedCertificates;
        var rows = await db.StoredCredentials.AsNoTracking().Where(credential => credential.UserId == userId && (id == null || credential.Id == id))
            .LeftJoin(certificates, credential => credential.CertificateId, certificate => certificate.Id, (credential, certificate) => new { Credential = credential, RevokedAt = (DateTimeOffset?)certificate!.RevokedAt })
            .ToListAsync(ct);
        return [.. rows.Select(row => StoredCredentialView.Of(row.Credential, row.RevokedAt)).OrderBy(view => view.UserName, StringComparer.Ordinal).ThenBy(view => view.CredentialName, StringComparer.Ordinal)];
    }

    /// <summary>No client logs on to it any more, until the person unlocks it.</summary>
    /// <exception cref="ServiceException">NotFound; Conflict; Invalid beside Message.</exception>
    public Task LockAsync(Guid id, string message, Actor person, CancellationToken ct) =>
        ChangeAsync(id, person, AuditAction.MyProxyLocked, message, (_, credential) => credential.Lock(message, person.RequireSignedIn()), ct);

    /// <exception cref="ServiceException">NotFound; Conflict: not locked, or by an administrator.</exception>
    public Task UnlockAsync(Guid id, Actor person, CancellationToken ct) =>
        ChangeAsync(id, person, AuditAction.MyProxyUnlocked, null, (_, credential) => credential.Unlock(person.RequireSignedIn()), ct);

    /// <summary>The certificate stays as good as it was, and so does the copy of the key that the portal keeps for download.</summary>
    /// <exception cref="ServiceException">NotFound; Conflict.</exception>
    public Task RemoveAsync(Guid id, Actor person, CancellationToken ct) =>
        ChangeAsync(id, person, AuditAction.MyProxyRemoved, null, (db, credential) => db.StoredCredentials.Remove(credential), ct);

    private async Task ChangeAsync(Guid id, Actor person, AuditAction action, string? detail, Action<PortalDbContext, StoredCredential> change, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var credential = await db.StoredCredentials.SingleOrDefaultAsync(candidate => candidate.Id == id && candidate.UserId == userId, ct) ?? throw MyProxyErrors.NotFound();
        if (credential.Origin is CredentialOrigin.Mirror) throw MyProxyErrors.IsCopy();
        change(db, credential);
        db.AuditRecords.Add(MyProxyAudit.Of(action, person, credential, clock.GetUtcNow(), detail));
        await CredentialRewrite.SaveAsync(db, ct);
    }
}
