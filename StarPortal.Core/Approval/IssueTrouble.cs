using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>An approved request that can't be issued is never silently stuck: it goes back to the officers, and people hear of it.</summary>
public sealed class IssueTrouble(IDbContextFactory<PortalDbContext> contexts, OfficerDirectory directory, OfficerMails mails, TimeProvider clock)
{
    /// <summary>Back to the officers with the reason on the request; the votes are void. Officers and administrators get a mail each.</summary>
    public async Task ReturnToOfficersAsync(IssueApproved approved, string reason, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var requests = db.EnrollmentRequests;
        var request = await requests.SingleAsync(candidate => candidate.Id == approved.RequestId, ct);
        if (request.Status is not RequestStatus.Approved || request.Round != approved.Round) return;

        var now = clock.GetUtcNow();
        var officers = await directory.FindForAsync(request.OrganisationId, request.UserId, atLeast: 1, ct);
        request.ReturnToOfficers(reason, now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestReturned, Actor.System(IssueApproved.Kind), "request", request.Id, now, reason));
        foreach (var contact in officers.UnionBy(await directory.FindAdministratorsAsync(ct), contact => contact.UserId))
            await mails.AddNotIssuedAsync(db, request, approved.Round, contact, reason, ct);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Something is broken that may mend itself: the outbox goes on trying, the administrators should look. One mail each.</summary>
    public async Task TellAdministratorsAsync(IssueApproved approved, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var requests = db.EnrollmentRequests.AsNoTracking();
        var request = await requests.SingleAsync(candidate => candidate.Id == approved.RequestId, ct);
        foreach (var contact in await directory.FindAdministratorsAsync(ct)) await mails.AddIssuingDelayedAsync(db, request, approved.Round, contact, ct);
        await db.SaveChangesAsync(ct);
    }
}
