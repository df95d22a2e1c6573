using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>What officers do about the CA outside: messages that the job could not act on, and requests that it does not answer.</summary>
public sealed class CaMailDesk(IDbContextFactory<PortalDbContext> contexts, ExternalIssuer issuer, CaRequests caRequests, TimeProvider clock)
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromDays(1);

    /// <summary>Puts a message away, with a reason.</summary>
    /// <exception cref="ServiceException">Unauthenticated, Forbidden; NotFound, also for messages about other organisations; Conflict; Invalid beside Reason.</exception>
    public Task DismissAsync(Guid mailId, string? reason, Actor officer, CancellationToken ct) => SaveAsync(officer, async db =>
    {
        var (mail, now) = (await CaMailReader.LoadAsync(db.CaMails, mailId, officer, ct), clock.GetUtcNow());
        var words = RequestText.Required(reason, CaMail.MaxReason, CaMailErrors.ReasonField);
        mail.Dismiss(officer, words, now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.CaMailDismissed, officer, "ca-mail", mail.Id, now, words));
    }, ct);

    /// <summary>Takes the certificate of a message for a request, if it is what was asked for: then it is issued. How the message came here does not count; what the certificate says does.</summary>
    /// <exception cref="ServiceException">As above; Forbidden for one's own request; Invalid: it is not what was asked for.</exception>
    public Task TakeAsync(Guid mailId, Guid? requestId, Actor officer, CancellationToken ct) => SaveAsync(officer, async db =>
    {
        var mail = await CaMailReader.LoadAsync(db.CaMails, mailId, officer, ct);
        if (mail.Certificate is not { } certificate) throw CaMailErrors.NoCertificate();
        var request = await LoadAsync(db, requestId ?? throw CaMailErrors.ChooseRequest(), officer, ct);
        mail.Take(officer, request.Id, clock.GetUtcNow());
        await issuer.AddAsync(db, request, certificate, officer, ct);
    }, ct);

    /// <summary>Sends the request to the CA once more; once a day.</summary>
    /// <exception cref="ServiceException">As above; TooMany.</exception>
    public Task AskAgainAsync(Guid requestId, Actor officer, CancellationToken ct) => SaveAsync(officer, async db =>
    {
        var (request, now) = (await LoadAsync(db, requestId, officer, ct), clock.GetUtcNow());
        if (request.SentToCaAt + AskInterval is { } again && again > now) throw CaMailErrors.SentToday(again, now);
        caRequests.Add(db, request, officer);
    }, ct);

    /// <summary>Gives up waiting: it is the officers' again, who may reject it or approve it anew. An answer that comes later is set aside.</summary>
    /// <exception cref="ServiceException">As above; Invalid beside Reason.</exception>
    public Task TakeBackAsync(Guid requestId, string? reason, Actor officer, CancellationToken ct) => SaveAsync(officer, async db =>
    {
        var (request, now) = (await LoadAsync(db, requestId, officer, ct), clock.GetUtcNow());
        var words = $"Taken back from the CA by {officer.Name}: {RequestText.Required(reason, CaMail.MaxReason, CaMailErrors.ReasonField)}";
        request.ReturnToOfficers(words, now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestReturned, officer, "request", request.Id, now, words));
    }, ct);

    private static async Task<EnrollmentRequest> LoadAsync(PortalDbContext db, Guid requestId, Actor officer, CancellationToken ct)
    {
        var requests = db.EnrollmentRequests;
        var request = await requests.SingleOrDefaultAsync(candidate => candidate.Id == requestId, ct);
        if (request is null || !DecisionRights.MaySee(officer, request.OrganisationId)) throw ApprovalErrors.NotFound();
        if (!request.IsWithCa) throw CaMailErrors.NotWaiting();
        return await DecisionRights.IsOwnAsync(db, request, officer, ct) ? throw ApprovalErrors.OwnRequest() : request;
    }

    private async Task SaveAsync(Actor officer, Func<PortalDbContext, Task> act, CancellationToken ct)
    {
        DecisionRights.RequireOfficer(officer);
        await using var db = await contexts.CreateDbContextAsync(ct);
        await act(db);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException lost) when (RowConflict.IsLostRace(lost))
        {
            throw CaMailErrors.Busy();
        }
    }
}
