using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>
/// Asks deputies, then administrators, about requests that the officers have left lying. Each step happens once a request: the step is a
/// column that only moves on, saved together with the mails.
/// </summary>
public sealed class EscalationJob(
    IDbContextFactory<PortalDbContext> contexts, OfficerDirectory directory, OfficerMails mails, IOptions<ApprovalOptions> options, TimeProvider clock) : IPortalJob
{
    public string Name => "request-escalation";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var escalated = 0;
        foreach (var id in await FindDueAsync(ct))
        {
            if (await EscalateAsync(id, ct)) escalated++;
        }

        return $"{escalated} requests escalated";
    }

    private async Task<List<Guid>> FindDueAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var (deputies, administrators) = (now - options.Value.EscalateToDeputiesAfter, now - options.Value.EscalateToAdministratorsAfter);
        var requests = db.EnrollmentRequests;
        return await requests.Where(request => request.Status == RequestStatus.AwaitingDecision
                && ((request.WaitingSince <= deputies && request.EscalatedTo == null)
                    || (request.WaitingSince <= administrators && request.EscalatedTo == EscalationStep.Deputies)))
            .OrderBy(request => request.WaitingSince).Select(request => request.Id).ToListAsync(ct);
    }

    /// <returns>Whether it was escalated here: somebody may have decided it meanwhile.</returns>
    private async Task<bool> EscalateAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var requests = db.EnrollmentRequests;
        var request = await requests.SingleAsync(candidate => candidate.Id == id, ct);
        if (request.Status is not RequestStatus.AwaitingDecision) return false;
        var now = clock.GetUtcNow();
        var (step, contacts) = await ChooseAsync(request, now, ct);
        if (contacts.Count == 0 || request.EscalatedTo >= step) return false;

        request.MarkEscalated(step, now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestEscalated, Actor.System(Name), "request", id, now, $"to {step}: {string.Join(", ", contacts.Select(contact => contact.UserName))}"));
        foreach (var contact in contacts) await mails.AddEscalatedAsync(db, request, step, contact, now - request.WaitingSince, ct);
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException)
        {
            if (!await contexts.HasMovedOnAsync(db, request, ct)) throw;
            return false; // Somebody acted on it: the next run sees what is left to do.
        }
    }

    /// <summary>The step that is due. Where there is no deputy, the administrators are asked at once: waiting for nobody helps nobody.</summary>
    private async Task<(EscalationStep Step, IReadOnlyList<OfficerContact> Contacts)> ChooseAsync(EnrollmentRequest request, DateTimeOffset now, CancellationToken ct)
    {
        if (request.EscalatedTo is null && request.WaitingSince > now - options.Value.EscalateToAdministratorsAfter
            && await directory.FindDeputiesAsync(request.OrganisationId, request.UserId, ct) is { Count: > 0 } deputies)
            return (EscalationStep.Deputies, deputies);
        var administrators = await directory.FindAdministratorsAsync(ct);
        return (EscalationStep.Administrators, [.. administrators.Where(contact => contact.UserId != request.UserId)]);
    }
}
