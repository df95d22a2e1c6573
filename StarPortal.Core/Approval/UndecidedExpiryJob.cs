using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Jobs;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>Ends requests that nobody decided, or whose question nobody answered, in time; tells the person why; frees the user name.</summary>
public sealed class UndecidedExpiryJob(
    IDbContextFactory<PortalDbContext> contexts, RequesterAccounts accounts, RequesterMails mails, IOptions<ApprovalOptions> options, TimeProvider clock) : IPortalJob
{
    public string Name => "undecided-expiry";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var expired = 0;
        foreach (var id in await FindDueAsync(ct))
        {
            if (await ExpireAsync(id, ct)) expired++;
        }

        return $"{expired} undecided requests expired";
    }

    private async Task<List<Guid>> FindDueAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var before = clock.GetUtcNow() - options.Value.ExpireAfter;
        var requests = db.EnrollmentRequests;
        return await requests.Where(request => (request.Status == RequestStatus.AwaitingDecision && request.WaitingSince <= before)
                || (request.Status == RequestStatus.OnHold && request.HeldAt <= before))
            .OrderBy(request => request.WaitingSince).Select(request => request.Id).ToListAsync(ct);
    }

    /// <returns>Whether it was ended here: somebody may have acted meanwhile.</returns>
    private async Task<bool> ExpireAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var requests = db.EnrollmentRequests;
        var request = await requests.SingleAsync(candidate => candidate.Id == id, ct);
        if (!request.IsDecidable) return false;
        var (actor, now) = (Actor.System(Name), clock.GetUtcNow());
        var (explanation, advice) = Explain(request);

        request.Expire(now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestExpired, actor, "request", id, now, explanation));
        await mails.AddExpiredAsync(db, request, explanation, advice, ct);
        await accounts.RemoveUnusedAsync(db, request, actor, ct);
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException)
        {
            if (!await contexts.HasMovedOnAsync(db, request, ct)) throw;
            return false;
        }
    }

    private (string Explanation, string Advice) Explain(EnrollmentRequest request)
    {
        var days = options.Value.ExpireAfter.TotalDays.ToString("0.#", CultureInfo.InvariantCulture);
        if (request.HeldAt is { } heldAt)
            return ($"an officer asked you something on {heldAt.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture)}, and no answer came within {days} days.",
                "You can ask again; answer the question in the field that says why.");
        var told = request.EscalatedTo is EscalationStep.Administrators ? "although the officers were reminded and the administrators were told" : "although the officers were reminded";
        return ($"no officer decided it within {days} days, {told}.", "That is not your fault. You can ask again at any time; it may help to talk to an officer of your organisation first.");
    }
}
