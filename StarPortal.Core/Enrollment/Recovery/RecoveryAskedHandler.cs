using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// Sends the link to the confirmed address of whom a forgotten passphrase is about, if there is somebody with something to recover; a few a day, whoever asks, so that
/// nobody's mailbox is flooded. What is about nobody is forgotten.
/// </summary>
internal sealed class RecoveryAskedHandler(
    IServiceScopeFactory scopes, RecoveryIntake intake, MailLinks links, RecoveryMails mails, IOptions<EnrollmentOptions> options) : IOutboxHandler
{
    public string Kind => RecoveryAsked.Kind;

    public async Task HandleAsync(OutboxItem item, CancellationToken ct)
    {
        var asked = item.Read<RecoveryAsked>();
        await using var work = scopes.BeginAccountWork();
        var attempt = await work.Db.RecoveryAttempts.SingleOrDefaultAsync(candidate => candidate.Id == asked.AttemptId, ct);
        if (attempt is null or { UserId: not null }) return;

        var user = await work.FindByNameAsync(intake.UserNameOf(asked), ct);
        if (user is null || !await MayRecoverAsync(work.Db, user, attempt, ct)) work.Db.RecoveryAttempts.Remove(attempt);
        else SendLink(work.Db, user, attempt);
        await work.Db.SaveChangesAsync(ct);
    }

    private void SendLink(PortalDbContext db, PortalUser user, RecoveryAttempt attempt)
    {
        attempt.BelongTo(user.Id);
        var token = links.Add(db, MailLinkPurpose.ConfirmRecovery, attempt.Id, user.Id, options.Value.RecoveryTime);
        mails.AddConfirmation(db, user, attempt, token, attempt.AskedAt + options.Value.RecoveryTime);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RecoveryLinkSent, Actor.System(Kind), "user", user.Id, attempt.AskedAt));
    }

    private async Task<bool> MayRecoverAsync(PortalDbContext db, PortalUser user, RecoveryAttempt attempt, CancellationToken ct)
    {
        if (!await ReplacementRequests.IsPossibleAsync(db, user, ct)) return false;
        var (userId, since) = (user.Id, attempt.AskedAt - TimeSpan.FromDays(1));
        return await db.RecoveryAttempts.CountAsync(earlier => earlier.UserId == userId && earlier.AskedAt > since, ct) < options.Value.RecoveryMailsPerDay;
    }
}
