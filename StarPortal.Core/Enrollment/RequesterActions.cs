using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// What the person who asked may do while the request is open: signed in, or by the passphrase. Knowing the tracking page's address is enough
/// to see where a request is, and not to change anything.
/// </summary>
public sealed class RequesterActions(
    IDbContextFactory<PortalDbContext> contexts, PassphraseCheck passphrases, RequesterAccounts accounts, RequestRouting routing, EnrollmentMails mails, TimeProvider clock)
{
    /// <summary>The form field of the passphrase, beside which a refusal belongs.</summary>
    public const string PassphraseField = "Passphrase";

    /// <exception cref="ServiceException">NotFound; Unauthenticated; Conflict: it has been decided or has ended; TooMany.</exception>
    public Task WithdrawAsync(Guid requestId, string? passphrase, Actor actor, CancellationToken ct) =>
        ActAsync(requestId, passphrase, actor, AuditAction.RequestWithdrawn, async (db, request, organisation, now) =>
        {
            request.Withdraw(now);
            mails.AddWithdrawn(db, request, organisation);
            await accounts.RemoveUnusedAsync(db, request, actor, ct);
        }, ct);

    /// <summary>Reminds the officers, once a day.</summary>
    /// <exception cref="ServiceException">As <see cref="WithdrawAsync"/>; TooMany: reminded within the last day.</exception>
    public Task NudgeAsync(Guid requestId, string? passphrase, Actor actor, CancellationToken ct) =>
        ActAsync(requestId, passphrase, actor, AuditAction.RequestNudged, async (db, request, organisation, now) =>
        {
            request.Nudge(now);
            mails.AddNudged(db, request, organisation, await routing.FindRecipientsAsync(request, ct));
        }, ct);

    /// <exception cref="ServiceException">As <see cref="WithdrawAsync"/>; Invalid, field Answer: empty, too long or unreadable.</exception>
    public Task AnswerAsync(Guid requestId, string? answer, string? passphrase, Actor actor, CancellationToken ct)
    {
        var text = RequestText.Required(answer, RequestMessage.MaxLength, nameof(RequestMessageKind.Answer));
        return ActAsync(requestId, passphrase, actor, AuditAction.RequestAnswered, async (db, request, organisation, now) =>
        {
            request.Answer(text, now);
            mails.AddAnswered(db, request, organisation, text, await routing.FindRecipientsAsync(request, ct));
        }, ct);
    }

    private async Task ActAsync(
        Guid requestId, string? passphrase, Actor actor, AuditAction action, Func<PortalDbContext, EnrollmentRequest, string, DateTimeOffset, Task> act, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var request = await db.EnrollmentRequests.SingleOrDefaultAsync(found => found.Id == requestId, ct) ?? throw RequestErrors.NotFound();
        if (!request.IsOpen) throw RequestErrors.WrongState(request.Status);
        if (actor.Id != request.UserId) await passphrases.RequireAsync(request.UserId, passphrase, request.NewPassphraseHash, actor, PassphraseField, ct);
        var organisation = await db.Organisations.Where(found => found.Id == request.OrganisationId).Select(found => found.Name).SingleAsync(ct);
        var now = clock.GetUtcNow();

        await act(db, request, organisation, now);
        db.AuditRecords.Add(AuditRecord.Of(action, actor with { Id = request.UserId, Name = request.UserName }, "request", request.Id, now));
        await SaveAsync(db, request, ct);
    }

    private async Task SaveAsync(PortalDbContext db, EnrollmentRequest request, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            if (!await contexts.HasMovedOnAsync(db, request, ct)) throw;
            throw RequestErrors.ChangedMeanwhile();
        }
    }
}
