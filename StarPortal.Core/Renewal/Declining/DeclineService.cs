using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>
/// "I do not need it any more": the link alone is enough, since it can be taken back, and a certificate that is not renewed merely ends. The officers hear of it, the person
/// gets a mail in case it was somebody else.
/// </summary>
public sealed class DeclineService(IDbContextFactory<PortalDbContext> contexts, RenewalMails mails, DeclineNews news, IOptions<RenewalOptions> options, TimeProvider clock)
{
    /// <exception cref="ServiceException">NotFound, Forbidden, Unauthenticated; Gone: the link was used, or it has ended; Conflict: renewed or declined already.</exception>
    public Task DeclineAsync(RenewalEntrance entrance, Actor visitor, CancellationToken ct) => ActAsync(entrance, visitor, async (db, subject, actor, now) =>
    {
        var renewal = subject.Renewal ?? CertificateRenewal.Begin(subject.Certificate.Id, subject.User.Id);
        renewal.Decline(now);
        if (subject.Certificate.IsRevoked) throw RenewalErrors.Revoked();
        if (now >= subject.Certificate.NotAfter) throw RenewalErrors.TooLate(subject.Certificate.NotAfter);
        if (await RenewalRules.IsReplacedAsync(db, subject, ct)) throw RenewalErrors.Replaced();
        if (subject.Renewal is null) db.CertificateRenewals.Add(renewal);
        if (subject.Link is { UsedAt: null } link) link.Use(now); // One that was used, declining was taken back since: it may decline again while it lives.
        else subject.Link?.RequireNotExpired(now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RenewalDeclined, actor, "certificate", subject.Certificate.SerialNumber.ToString(), now));
        mails.AddDeclined(db, subject, renewal, now + options.Value.UndoTime, entrance.Token);
        await news.AddAsync(db, subject, renewal, ct);
    }, ct);

    /// <summary>Takes it back, by the same link or from the account.</summary>
    /// <exception cref="ServiceException">As above; Gone: too late.</exception>
    public Task UndoAsync(RenewalEntrance entrance, Actor visitor, CancellationToken ct) => ActAsync(entrance, visitor, (db, subject, actor, now) =>
    {
        (subject.Renewal ?? throw RenewalErrors.NotDeclined()).Undo(options.Value.UndoTime, now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RenewalDeclineUndone, actor, "certificate", subject.Certificate.SerialNumber.ToString(), now));
        return Task.CompletedTask;
    }, ct);

    private async Task ActAsync(RenewalEntrance entrance, Actor visitor, Func<PortalDbContext, RenewalSubject, Actor, DateTimeOffset, Task> act, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var subject = await RenewalFinder.FindAsync(db, entrance, MailLinkPurpose.DeclineRenewal, visitor, ct);
        await act(db, subject, subject.ActorFor(visitor), clock.GetUtcNow());
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw RenewalErrors.Busy();
        }
    }
}
