using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>What officers do with a request. Every act passes <see cref="RequestDesk"/>, which settles who may and what happens when two act at once.</summary>
public sealed class ApprovalService(RequestDesk desk, IssuingConditions conditions, RequesterAccounts accounts, ApprovalMails mails, IOptions<ApprovalOptions> options)
{
    /// <summary>Tells the other officers that somebody takes care of it. A courtesy, not a lock; it lapses.</summary>
    public Task<EnrollmentRequest> ClaimAsync(Guid requestId, Actor officer, CancellationToken ct) => desk.ActAsync(requestId, officer, sitting =>
    {
        sitting.Request.Claim(officer, sitting.Now, options.Value.ClaimLapsesAfter);
        sitting.Record(AuditAction.RequestClaimed);
        return Task.CompletedTask;
    }, ct);

    public Task<EnrollmentRequest> ReleaseAsync(Guid requestId, Actor officer, CancellationToken ct) => desk.ActAsync(requestId, officer, sitting =>
    {
        sitting.Request.Release(officer, sitting.Now);
        sitting.Record(AuditAction.RequestReleased);
        return Task.CompletedTask;
    }, ct);

    /// <summary>One vote for it; the last that policy asks for sets the issuing going.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="acknowledged">Codes of the findings that the officer has ticked.</param>
    /// <param name="officer">Who approves.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ServiceException">
    /// As <see cref="RequestDesk.ActAsync"/>; Conflict when something blocks it now or the officer has voted; Invalid (Acknowledged) when a finding is not ticked.
    /// </exception>
    public Task<EnrollmentRequest> ApproveAsync(Guid requestId, IReadOnlyCollection<string> acknowledged, Actor officer, CancellationToken ct) =>
        desk.ActAsync(requestId, officer, async sitting =>
        {
            var votes = await sitting.LoadVotesAsync(ct);
            if (votes.Find(vote => vote.OfficerId == officer.Id) is { } earlier) throw ApprovalErrors.AlreadyVoted(earlier.At);
            var ticked = RequireAcceptable(await conditions.CheckAsync(sitting.Db, sitting.Request, ct), acknowledged);
            sitting.Db.Decisions.Add(Decision.Of(sitting.Request, votes.Count + 1, officer, Verdict.Approve, ticked, sitting.Now));
            if (ticked.Count > 0) sitting.Record(AuditAction.FindingsAcknowledged, string.Join(", ", ticked));
            await CountVoteAsync(sitting, [.. votes.Select(vote => vote.OfficerId)], ct);
        }, ct);

    /// <summary>Ends it: one officer's no is enough, also after the same officer's yes. The person gets reason and text by mail.</summary>
    /// <exception cref="ServiceException">As <see cref="RequestDesk.ActAsync"/>; Invalid beside Code or Text.</exception>
    public Task<EnrollmentRequest> RejectAsync(Guid requestId, RejectionCode? code, string? text, Actor officer, CancellationToken ct) =>
        desk.ActAsync(requestId, officer, async sitting =>
        {
            if (code is not { } reason) throw ApprovalErrors.ReasonMissing();
            var words = RequestText.Required(text, RequestMessage.MaxLength, ApprovalErrors.TextField);
            var votes = await sitting.LoadVotesAsync(ct);
            if (votes.Find(vote => vote.OfficerId == officer.Id) is { } own) own.ChangeToReject(sitting.Now);
            else sitting.Db.Decisions.Add(Decision.Of(sitting.Request, votes.Count + 1, officer, Verdict.Reject, [], sitting.Now));

            sitting.Request.Reject(officer, reason, words, sitting.Now);
            sitting.Record(AuditAction.RequestRejected, $"{reason}: {words}");
            await mails.ToRequester.AddRejectedAsync(sitting.Db, sitting.Request, ct);
            await accounts.RemoveUnusedAsync(sitting.Db, sitting.Request, officer, ct);
        }, ct);

    /// <summary>Asks the person something by mail; the clocks of reminding and escalating stand still until the answer.</summary>
    /// <exception cref="ServiceException">As <see cref="RequestDesk.ActAsync"/>; Invalid beside Question.</exception>
    public Task<EnrollmentRequest> HoldAsync(Guid requestId, string? question, Actor officer, CancellationToken ct) => desk.ActAsync(requestId, officer, async sitting =>
    {
        var words = RequestText.Required(question, RequestMessage.MaxLength, ApprovalErrors.QuestionField);
        sitting.Request.Hold(officer, words, sitting.Now);
        sitting.Record(AuditAction.RequestHeld, words);
        await mails.ToRequester.AddQuestionAsync(sitting.Db, sitting.Request, words, sitting.Now, ct);
    }, ct);

    private async Task CountVoteAsync(Sitting sitting, IReadOnlyList<Guid> earlierVoters, CancellationToken ct)
    {
        var (votes, needed) = (earlierVoters.Count + 1, options.Value.OfficersFor(sitting.Request.Profile));
        if (votes < needed)
        {
            sitting.Request.CountVote(sitting.Officer, sitting.Now);
            sitting.Record(AuditAction.RequestVoted, $"{votes} of {needed}");
            await mails.AskForVoteAsync(sitting.Db, sitting.Request, [.. earlierVoters, sitting.Officer.RequireSignedIn()], needed, ct);
            return;
        }

        sitting.Request.Approve(sitting.Officer, sitting.Now);
        sitting.Record(AuditAction.RequestApproved, $"{votes} of {needed}");
        sitting.Db.Outbox.Add(IssueApproved.For(sitting.Request, sitting.Now));
    }

    private static List<string> RequireAcceptable(IReadOnlyList<Finding> findings, IReadOnlyCollection<string> acknowledged)
    {
        var blocking = findings.Where(finding => finding.Severity is FindingSeverity.Block).ToList();
        if (blocking.Count > 0) throw ApprovalErrors.Blocked(blocking);
        var needed = findings.Where(finding => finding.Severity is FindingSeverity.Acknowledge).Select(finding => finding.Code).Distinct(StringComparer.Ordinal).ToList();
        return needed.TrueForAll(acknowledged.Contains) ? needed : throw ApprovalErrors.NotAcknowledged();
    }
}
