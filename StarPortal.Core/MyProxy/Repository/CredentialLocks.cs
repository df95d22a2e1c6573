using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Locks that the portal puts on all that a person has in the repository, and lifts again. What is locked already stays as it is: whoever locked it for another reason
/// opens it, too.
/// </summary>
public sealed class CredentialLocks(TimeProvider clock)
{
    /// <summary>What whoever logs on reads. It also tells these locks from others.</summary>
    public const string Lost = "The holder has reported the device lost. Logons work again once a new certificate is issued.";

    public const string Removal = "This account is being removed. Ask the officers of your organisation.";

    /// <summary>In the caller's unit of work. A removal takes the place of a loss, whose lock the next certificate lifts.</summary>
    internal async Task LockAsync(PortalDbContext db, Guid userId, string userName, string message, Actor actor, CancellationToken ct)
    {
        foreach (var credential in (await LoadAsync(db, userId, userName, ct)).Where(credential => credential.LockMessage is null || (message == Removal && credential.LockMessage == Lost)))
        {
            credential.Lock(message, holder: null);
            db.AuditRecords.Add(MyProxyAudit.Of(AuditAction.MyProxyLocked, actor, credential, clock.GetUtcNow(), message));
        }
    }

    /// <summary>Those of this message alone.</summary>
    internal async Task LiftAsync(PortalDbContext db, Guid userId, string userName, string message, Actor actor, CancellationToken ct)
    {
        foreach (var credential in (await LoadAsync(db, userId, userName, ct)).Where(credential => credential.LockMessage == message))
        {
            credential.Unlock(holder: null);
            db.AuditRecords.Add(MyProxyAudit.Of(AuditAction.MyProxyUnlocked, actor, credential, clock.GetUtcNow()));
        }
    }

    /// <summary>By the certificate in it, or by the user name, which in the portal is the person's alone.</summary>
    internal static Task<List<StoredCredential>> LoadAsync(PortalDbContext db, Guid userId, string userName, CancellationToken ct)
    {
        var userHash = CredentialKey.HashOf(userName);
        return db.StoredCredentials.Where(credential => credential.UserId == userId || credential.UserHash == userHash).ToListAsync(ct);
    }
}
