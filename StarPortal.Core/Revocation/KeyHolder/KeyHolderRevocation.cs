using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>
/// Revocation by whoever has the key, whoever that is (as RFC 8555 7.6 has it for servers): the holder who can't sign in, or somebody who found the key where it should not
/// be. Either way the key is not the holder's alone, so the reason is keyCompromise, and the key is never certified again.
/// </summary>
public sealed class KeyHolderRevocation(
    IDbContextFactory<PortalDbContext> contexts, CertificateAuthority authority, RevocationMails mails, AttemptThrottle throttle, TimeProvider clock)
{
    private const int ProofsPerAddress = 30;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <param name="proof">See <see cref="RevocationProof"/>.</param>
    /// <returns>The certificate that is revoked now.</returns>
    /// <exception cref="ServiceException">Invalid beside Proof, also for a certificate that does not exist; Conflict: revoked or expired already; TooMany.</exception>
    public async Task<SerialNumber> RevokeAsync(string? proof, Actor visitor, CancellationToken ct)
    {
        throttle.Spend(AttemptThrottle.AddressKey("key-holder", visitor.Address), ProofsPerAddress, Window);
        var given = RevocationProof.Parse(proof);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificate = await db.IssuedCertificates.SingleOrDefaultAsync(candidate => candidate.SerialNumber == given.SerialNumber, ct);
        if (certificate is null || certificate.KeyHash != given.KeyHash || OwnCertificates.IsOwn(certificate.Profile)) throw RevocationErrors.ProofDoesNotFit();
        if (certificate.RevokedAt is { } at) throw RevocationErrors.AlreadyRevoked(at);
        if (certificate.NotAfter <= clock.GetUtcNow()) throw RevocationErrors.Expired();

        await AddAsync(db, certificate, visitor, ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw RevocationErrors.AlreadyRevoked(clock.GetUtcNow());
        }

        return certificate.SerialNumber;
    }

    private Task AddAsync(PortalDbContext db, IssuedCertificate certificate, Actor visitor, CancellationToken ct)
    {
        var choice = RevocationChoice.Of(RevocationCause.KeyExposed);
        authority.Revoke(db, certificate, choice.Reason, visitor);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RevocationAsked, visitor, "certificate", certificate.SerialNumber.ToString(), clock.GetUtcNow(), "proved to have the key"));
        return mails.AddRevokedAsync(db, certificate, choice, "Whoever asked for it proved to have the private key.", RevokedBy.KeyHolder, ct);
    }
}
