using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>One request in one officer's hands: the unit of work of one act.</summary>
internal sealed record Sitting(PortalDbContext Db, EnrollmentRequest Request, Actor Officer, DateTimeOffset Now)
{
    /// <summary>The votes of this round, in order.</summary>
    public Task<List<Decision>> LoadVotesAsync(CancellationToken ct)
    {
        var decisions = Db.Decisions;
        return decisions.Where(decision => decision.RequestId == Request.Id && decision.Round == Request.Round).OrderBy(decision => decision.Number).ToListAsync(ct);
    }

    public void Record(AuditAction action, string? detail = null) => Db.AuditRecords.Add(AuditRecord.Of(action, Officer, "request", Request.Id, Now, detail));
}

/// <summary>
/// The way to every act on a request: who is it, may they, is there still something to decide; then the act; then all of it is saved or
/// nothing. Somebody else's act in between makes it start over with what is true now, so that an officer hears "already decided", not "conflict".
/// </summary>
public sealed class RequestDesk(IDbContextFactory<PortalDbContext> contexts, DecisionRights rights, TimeProvider clock)
{
    private const int MaxAttempts = 8;

    /// <exception cref="ServiceException">
    /// Unauthenticated or Forbidden by role, second factor or own request; NotFound, also for another organisation's; Conflict when decided.
    /// </exception>
    internal async Task<EnrollmentRequest> ActAsync(Guid requestId, Actor officer, Func<Sitting, Task> act, CancellationToken ct)
    {
        DecisionRights.RequireOfficer(officer);
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            await using var db = await contexts.CreateDbContextAsync(ct);
            var request = await LoadAsync(db, requestId, officer, ct);
            try
            {
                await act(new Sitting(db, request, officer, clock.GetUtcNow()));
                await db.SaveChangesAsync(ct);
                return request;
            }
            catch (ServiceException) when (attempt < MaxAttempts)
            {
                // Refused for what may no longer be so: then look again, for the true reason.
                if (!await contexts.HasMovedOnAsync(db, request, ct)) throw;
            }
            catch (DbUpdateException)
            {
                // Somebody acted in between: look again.
                if (!await contexts.HasMovedOnAsync(db, request, ct)) throw;
            }
        }

        throw ApprovalErrors.Busy();
    }

    private async Task<EnrollmentRequest> LoadAsync(PortalDbContext db, Guid requestId, Actor officer, CancellationToken ct)
    {
        var requests = db.EnrollmentRequests;
        var request = await requests.SingleOrDefaultAsync(candidate => candidate.Id == requestId, ct);
        if (request is null || !DecisionRights.MaySee(officer, request.OrganisationId)) throw ApprovalErrors.NotFound();
        if (request.Status is RequestStatus.AwaitingConfirmation) throw ApprovalErrors.NotConfirmed();
        if (!request.IsDecidable) throw await AlreadyDecidedAsync(db, request, ct);
        if (await rights.FindObstacleAsync(db, request, officer, ct) is { } obstacle) throw obstacle;
        return request;
    }

    private static async Task<ServiceException> AlreadyDecidedAsync(PortalDbContext db, EnrollmentRequest request, CancellationToken ct)
    {
        var decisions = db.Decisions.AsNoTracking();
        var by = await decisions.Where(decision => decision.RequestId == request.Id && decision.Round == request.Round && decision.OfficerId == request.DecidedBy)
            .Select(decision => decision.OfficerName).FirstOrDefaultAsync(ct);
        return ApprovalErrors.AlreadyDecided(request.Status, by, request.DecidedAt ?? request.LastChangedAt);
    }
}
