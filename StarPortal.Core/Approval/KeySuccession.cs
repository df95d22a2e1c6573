using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>
/// What a new key means for those that the portal keeps for the person already. With a recovery or a replacement it takes their place: their certificates are revoked as superseded, the keys deleted, and with a recovery the new
/// passphrase becomes the one that signs in. Certificates of keys that the person made are not touched: their keys are not lost.
/// </summary>
public sealed class KeySuccession(CertificateAuthority authority, CredentialLocks locks)
{
    /// <summary>The certificates that end when a request for a replacement is issued; tracked.</summary>
    internal static Task<List<IssuedCertificate>> FindSupersededAsync(PortalDbContext db, Guid userId, DateTimeOffset now, CancellationToken ct)
    {
        var kept = db.Credentials;
        return db.IssuedCertificates.Where(certificate => certificate.UserId == userId && certificate.RevokedAt == null && certificate.NotAfter > now && kept.Any(key => key.CertificateId == certificate.Id))
            .OrderBy(certificate => certificate.NotAfter).ToListAsync(ct);
    }

    internal async Task AddAsync(PortalDbContext db, EnrollmentRequest request, PortalUser user, IssuedCertificate successor, Actor actor, CancellationToken ct)
    {
        await locks.LiftAsync(db, user.Id, user.UserName!, CredentialLocks.Lost, actor, ct); // whatever was lost, this key is not
        if (request.Kind is RequestKind.Certificate) return;
        foreach (var old in await FindSupersededAsync(db, user.Id, successor.IssuedAt, ct)) await EndAsync(db, old, successor, actor, ct);
        if (request.NewPassphraseHash is not { } hash) return;

        user.SetPassphrase(new SealedPassphrase(hash, request.NewHint));
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.PasswordChanged, actor, "user", user.Id, successor.IssuedAt, "by the recovery that was approved"));
    }

    private async Task EndAsync(PortalDbContext db, IssuedCertificate old, IssuedCertificate successor, Actor actor, CancellationToken ct)
    {
        authority.Revoke(db, old, RevocationReason.Superseded, actor);
        db.Credentials.Remove(await db.Credentials.SingleAsync(key => key.CertificateId == old.Id, ct));
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.CredentialSuperseded, actor, "certificate", old.Id, successor.IssuedAt, $"by {successor.SerialNumber}"));
    }
}
