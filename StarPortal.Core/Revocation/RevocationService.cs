using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>What the confirmation page shows.</summary>
/// <param name="IsOwn">Whether the reader is the holder.</param>
/// <param name="Holder">User name; null when there is no account.</param>
/// <param name="Outside">Whom only to ask for what the world hears, and by which number; null: our own CA signed it.</param>
/// <param name="Choices">The causes that this reader may give.</param>
public sealed record RevocableCertificate(
    SerialNumber SerialNumber, string Subject, IReadOnlyList<string> Names, string Profile, DateTimeOffset NotBefore, DateTimeOffset NotAfter,
    DateTimeOffset? RevokedAt, RevocationReason? Reason, bool IsOwn, string? Holder, OutsideCa? Outside, IReadOnlyList<RevocationChoice> Choices);

/// <param name="Contact">As the end of a sentence.</param>
/// <param name="SerialNumber">As that CA wrote it, hex.</param>
public sealed record OutsideCa(string Contact, string SerialNumber);

/// <summary>
/// Ends a certificate before its time. The holder does it at once and alone; officers of its organisation and administrators do it with a
/// reason that the holder reads. There is no way back.
/// </summary>
public sealed class RevocationService(
    IDbContextFactory<PortalDbContext> contexts, CertificateAuthority authority, ExternalAuthority external, RevocationMails mails, TimeProvider clock)
{
    private const int MaxNote = 500;

    /// <exception cref="ServiceException">Unauthenticated; NotFound, also for certificates that are none of the reader's business.</exception>
    public async Task<RevocableCertificate> GetAsync(SerialNumber serial, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificate = await LoadAsync(db.IssuedCertificates.AsNoTracking(), serial, actor, ct);
        var isOwn = certificate.UserId == actor.Id;
        var holder = await db.Users.AsNoTracking().Where(user => user.Id == certificate.UserId).Select(user => user.UserName).SingleOrDefaultAsync(ct);
        return new(
            certificate.SerialNumber, certificate.Subject, certificate.Names, certificate.Profile, certificate.NotBefore, certificate.NotAfter,
            certificate.RevokedAt, certificate.RevocationReason, isOwn, holder, certificate.Issuer == Issuers.External ? new OutsideCa(external.Contact, certificate.SerialNumberOfIssuer) : null, isOwn ? RevocationChoice.ForHolder : RevocationChoice.All);
    }

    /// <summary>Revokes: OCSP says so from the moment this returns, the CRL as soon as the outbox has published it.</summary>
    /// <param name="serial">The certificate.</param>
    /// <param name="cause">Why, of those that the actor may choose from.</param>
    /// <param name="note">In words; officers and administrators have to give it.</param>
    /// <param name="actor">Holder, officer or administrator.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ServiceException">As <see cref="GetAsync"/>; Conflict when revoked or expired; Invalid beside Cause or Note.</exception>
    public async Task RevokeAsync(SerialNumber serial, RevocationCause? cause, string? note, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var certificate = await LoadAsync(db.IssuedCertificates, serial, actor, ct);
        var now = clock.GetUtcNow();
        if (certificate.RevokedAt is { } at) throw RevocationErrors.AlreadyRevoked(at);
        if (certificate.NotAfter <= now) throw RevocationErrors.Expired();

        var isOwn = certificate.UserId == actor.Id;
        var choice = RequireChoice(cause, isOwn);
        var words = RequestText.Clean(note, MaxNote, RevocationErrors.NoteField);
        if (!isOwn && words.Length == 0) throw RevocationErrors.NoteMissing();

        authority.Revoke(db, certificate, choice.Reason, actor);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RevocationAsked, actor, "certificate", certificate.SerialNumber.ToString(), now, $"{choice.Officer}. {words}".TrimEnd()));
        await mails.AddRevokedAsync(db, certificate, choice, words, isOwn ? RevokedBy.Holder : RevokedBy.Office, ct);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            // Somebody else was faster; a second look says so, or the database has another problem.
            if (await FindRevokedAtAsync(serial, ct) is { } then) throw RevocationErrors.AlreadyRevoked(then);
            throw;
        }
    }

    private static async Task<IssuedCertificate> LoadAsync(IQueryable<IssuedCertificate> certificates, SerialNumber serial, Actor actor, CancellationToken ct)
    {
        actor.RequireSignedIn();
        var certificate = await certificates.SingleOrDefaultAsync(candidate => candidate.SerialNumber == serial, ct);
        if (certificate?.UserId == actor.Id) return certificate!;
        var isInCharge = certificate is { UserId: not null } or { OrganisationId: not null }
            && (actor.IsAdministrator || (certificate.OrganisationId is { } organisation && actor.IsOfficerOf(organisation)));
        if (!isInCharge) throw RevocationErrors.NotFound();
        return actor.HasSecondFactor ? certificate! : throw RevocationErrors.NeedsSecondFactor();
    }

    private static RevocationChoice RequireChoice(RevocationCause? cause, bool isOwn)
    {
        if (cause is not { } given || !Enum.IsDefined(given)) throw RevocationErrors.CauseMissing();
        var choice = RevocationChoice.Of(given);
        return isOwn && choice.Own is null ? throw RevocationErrors.CauseMissing() : choice;
    }

    private async Task<DateTimeOffset?> FindRevokedAtAsync(SerialNumber serial, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.SerialNumber == serial).Select(certificate => certificate.RevokedAt).SingleOrDefaultAsync(ct);
    }
}
