using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>
/// Requests for the same name that nobody has decided: a second certificate, or a recovery of a passphrase that turns out to be known. Renewing is not held up by them, since
/// anybody may start one in somebody's name; whoever renews has shown to be the holder, so they are withdrawn.
/// </summary>
public sealed class PendingRequests(EnrollmentMails mails, TimeProvider clock)
{
    private static readonly RequestStatus[] Undecided = [RequestStatus.AwaitingConfirmation, RequestStatus.AwaitingDecision, RequestStatus.OnHold];

    internal async Task WithdrawAsync(PortalDbContext db, RenewalSubject subject, Actor actor, CancellationToken ct)
    {
        var (userId, name, now) = (subject.User.Id, subject.Certificate.Subject, clock.GetUtcNow());
        var pending = await db.EnrollmentRequests.Where(request => request.UserId == userId && request.Subject == name && Undecided.Contains(request.Status)).ToListAsync(ct);
        foreach (var request in pending)
        {
            var organisation = await db.Organisations.Where(found => found.Id == request.OrganisationId).Select(found => found.Name).SingleAsync(ct);
            request.Withdraw(now);
            mails.AddWithdrawn(db, request, organisation);
            db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestWithdrawn, actor, "request", request.Id, now, "the certificate was renewed"));
        }
    }
}
