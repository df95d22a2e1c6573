using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>
/// Revokes and deletes, in one unit of work: certificates first, then keys, stored credentials, requests, links and the account; the registry entry ends. Certificates stay in the inventory, without
/// a person, for OCSP and the CRL answer for them; the audit log stays as it is.
/// </summary>
public sealed class RemovalCompletion(IDbContextFactory<PortalDbContext> contexts, CertificateAuthority authority, RegistryMembership registry, TimeProvider clock)
{
    /// <returns>False: undone, or carried out on another node.</returns>
    internal async Task<bool> CompleteAsync(Guid removalId, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var removal = await db.PersonRemovals.SingleAsync(candidate => candidate.Id == removalId, ct);
        var now = clock.GetUtcNow();
        if (removal.Status is not RemovalStatus.Pending || removal.DueAt > now) return false;

        removal.Complete(now);
        await RevokeAsync(db, removal.UserId, actor, now, ct);
        await registry.LeaveAsync(db, removal.UserId, actor, ct);
        await PersonalData.DeleteAsync(db, removal, ct);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.UserRemoved, actor, "user", removal.UserId, now, removal.UserName));
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RemovalCompleted, actor, "user", removal.UserId, now, $"asked by {removal.AskedBy} on {removal.AskedAt:u}: {removal.Reason}"));
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            return false; // Something of the person was changed meanwhile: the next run sees it.
        }
    }

    private async Task RevokeAsync(PortalDbContext db, Guid userId, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        var valid = await db.IssuedCertificates.Where(certificate => certificate.UserId == userId && certificate.RevokedAt == null && certificate.NotAfter > now).ToListAsync(ct);
        foreach (var certificate in valid) authority.Revoke(db, certificate, RevocationReason.CessationOfOperation, actor);
    }
}
