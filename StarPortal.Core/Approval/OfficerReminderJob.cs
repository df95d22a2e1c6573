using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Jobs;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>
/// One mail an officer a day with all that waits for that officer, and none when nothing does. The mail's key names officer and day, so that
/// neither a second run nor a second node sends another.
/// </summary>
public sealed class OfficerReminderJob(
    IDbContextFactory<PortalDbContext> contexts, OfficerDirectory directory, OfficerMails mails, IOptions<ApprovalOptions> options, TimeProvider clock) : IPortalJob
{
    public string Name => "officer-reminders";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var digests = await CollectAsync(now, ct);
        var sent = 0;
        foreach (var (officer, waiting) in digests)
        {
            if (await SendAsync(officer, waiting, now, ct)) sent++;
        }

        return $"{sent} reminders sent to {digests.Count} officers with something to decide";
    }

    private async Task<IReadOnlyList<(OfficerContact Officer, List<WaitingRequest> Waiting)>> CollectAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var before = now - options.Value.RemindAfter;
        var organisations = db.Organisations;
        var waiting = await db.EnrollmentRequests.AsNoTracking()
            .Where(request => request.Status == RequestStatus.AwaitingDecision && request.WaitingSince <= before)
            .Join(organisations, request => request.OrganisationId, organisation => organisation.Id, (request, organisation) => new
            {
                request.UserId, request.OrganisationId, request.Profile, request.EscalatedTo, request.Round,
                Line = new WaitingRequest(request.Id, request.FullName, organisation.Name, request.WaitingSince),
            }).ToListAsync(ct);
        var decisions = db.Decisions.AsNoTracking();
        var voted = (await decisions.Where(decision => decision.Verdict == Verdict.Approve)
            .Join(db.EnrollmentRequests.Where(request => request.Status == RequestStatus.AwaitingDecision),
                decision => new { Id = decision.RequestId, decision.Round }, request => new { request.Id, request.Round }, (decision, _) => new { decision.RequestId, decision.OfficerId })
            .ToListAsync(ct)).Select(vote => (vote.RequestId, vote.OfficerId)).ToHashSet();

        var routes = new RequestRoutes(directory, options.Value);
        var digests = new Dictionary<Guid, (OfficerContact Officer, List<WaitingRequest> Waiting)>();
        foreach (var request in waiting)
        {
            foreach (var officer in await routes.FindAsync(request.OrganisationId, request.UserId, request.Profile, request.EscalatedTo, ct))
            {
                if (voted.Contains((request.Line.Id, officer.UserId))) continue; // That one has done what could be done.
                if (!digests.TryGetValue(officer.UserId, out var digest)) digests[officer.UserId] = digest = (officer, []);
                digest.Waiting.Add(request.Line);
            }
        }

        return [.. digests.Values];
    }

    /// <returns>Whether it was sent by this run.</returns>
    private async Task<bool> SendAsync(OfficerContact officer, List<WaitingRequest> waiting, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var key = OfficerMails.DigestKey(officer, now);
        if (await db.Outbox.AnyAsync(item => item.Kind == Mailer.Kind && item.Key == key, ct)) return false;

        mails.AddDigest(db, officer, waiting, now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.OfficerReminded, Actor.System(Name), "user", officer.UserId, now, $"{waiting.Count} requests wait"));
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException) when (!ct.IsCancellationRequested)
        {
            await using var look = await contexts.CreateDbContextAsync(ct);
            if (await look.Outbox.AnyAsync(item => item.Kind == Mailer.Kind && item.Key == key, ct)) return false; // Another node was a moment faster.
            throw;
        }
    }
}
