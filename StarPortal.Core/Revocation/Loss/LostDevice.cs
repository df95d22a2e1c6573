using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>
/// “I lost my laptop”: in one unit of work every certificate of the person is revoked, MyProxy locked, the registry entry suspended, the cancellation of what runs in the person's name put on the list,
/// and, if the passphrase was given, the replacement asked for. A session is enough: losing the device must not stand in the way of saying so.
/// </summary>
public sealed class LostDevice(IDbContextFactory<PortalDbContext> contexts, CertificateAuthority authority, AccessLocks locks, LossReplacement replacement, TimeProvider clock)
{
    public async Task<LossView> GetAsync(Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificates = await FindValidAsync(db, userId, ct);
        return new LossView(
            [.. certificates.Select(certificate => new LostCertificate(certificate.SerialNumber.ToString(), certificate.Subject, certificate.NotAfter))],
            await LossReplacement.IsPossibleAsync(db, userId, ct));
    }

    /// <param name="passphrase">Given: a replacement is asked for at once, under it. Empty: not now.</param>
    /// <exception cref="ServiceException">Unauthenticated beside Passphrase: nothing was done; Conflict: something of the person's was changed at the same moment.</exception>
    public async Task<LossReported> ReportAsync(string? passphrase, Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var user = await db.Users.SingleOrDefaultAsync(candidate => candidate.Id == userId, ct) ?? throw AccountErrors.UserNotFound();
        var request = string.IsNullOrEmpty(passphrase) ? null : await replacement.AddAsync(db, user, passphrase, person, ct);

        var certificates = await FindValidAsync(db, userId, ct);
        foreach (var certificate in certificates) authority.Revoke(db, certificate, RevocationReason.KeyCompromise, person);
        await locks.LockAsync(db, user, SuspensionCause.LostDevice, person, ct);
        var now = clock.GetUtcNow();
        db.Outbox.Add(LossAftermath.For(user, now));
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.DeviceReportedLost, person, "user", userId, now, $"{certificates.Count} certificates revoked{(request is null ? "" : $"; replacement {request}")}"));
        await SaveAsync(db, ct);
        return new LossReported(certificates.Count, request);
    }

    private Task<List<IssuedCertificate>> FindValidAsync(PortalDbContext db, Guid userId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.IssuedCertificates.Where(certificate => certificate.UserId == userId && certificate.RevokedAt == null && certificate.NotAfter > now)
            .OrderBy(certificate => certificate.NotAfter).ToListAsync(ct);
    }

    private static async Task SaveAsync(PortalDbContext db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw new ServiceException(ErrorKind.Conflict, "Something of yours was changed at the same moment. Nothing was done: press the button again.");
        }
    }
}
