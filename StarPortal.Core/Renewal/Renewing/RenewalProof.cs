using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>
/// That it is the holder who renews. Where the portal keeps the key: its passphrase, which opens it. Where the holder keeps it: a session of the holder's and the account's
/// passphrase typed anew, since a link alone is worth no more than the mailbox it was sent to.
/// </summary>
public sealed class RenewalProof(IDbContextFactory<PortalDbContext> contexts, KeyProof keys, PassphraseCheck passphrases, RenewalRules rules, TimeProvider clock)
{
    /// <summary>A unit of work of its own: a guess counts, and that the form was sent, whatever comes of it.</summary>
    /// <returns>Whether the portal keeps the key.</returns>
    /// <exception cref="ServiceException">What stands against renewing; Invalid, Unauthenticated or TooMany beside the passphrase.</exception>
    internal async Task<bool> RequireAsync(RenewalEntrance entrance, RenewalForm form, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var subject = await RenewalFinder.FindAsync(db, entrance, MailLinkPurpose.RenewCertificate, actor, ct);
        if (await rules.FindObstacleAsync(db, subject, ct) is { } obstacle) throw obstacle;
        MarkOpened(db, subject, actor);

        var credential = await db.Credentials.SingleOrDefaultAsync(candidate => candidate.CertificateId == subject.Certificate.Id, ct);
        if (credential is not null)
        {
            using var _ = await keys.OpenAsync(db, credential, form.Passphrase, subject.ActorFor(actor), ct);
        }

        await db.SaveChangesAsync(ct);
        if (credential is null) await RequireHolderAsync(subject, form, actor, ct);
        return credential is not null;
    }

    private async Task RequireHolderAsync(RenewalSubject subject, RenewalForm form, Actor actor, CancellationToken ct)
    {
        if (actor.Id is null) throw RenewalErrors.SignInFirst();
        await passphrases.RequireAsync(subject.User.Id, form.Passphrase, actor, RenewalErrors.PassphraseField, ct);
    }

    private void MarkOpened(PortalDbContext db, RenewalSubject subject, Actor actor)
    {
        if (subject.Renewal?.OpenedAt is not null) return;
        var renewal = subject.Renewal ?? CertificateRenewal.Begin(subject.Certificate.Id, subject.User.Id);
        if (subject.Renewal is null) db.CertificateRenewals.Add(renewal);
        var now = clock.GetUtcNow();
        renewal.MarkOpened(now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RenewalOpened, subject.ActorFor(actor), "certificate", subject.Certificate.SerialNumber.ToString(), now, subject.Link is null ? "from the account" : "by a mailed link"));
    }
}
