using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>What the link of a forgotten passphrase leads to.</summary>
/// <param name="Problem">Why there is nothing to confirm; null when there is.</param>
public sealed record RecoveryView(string UserName, string FullName, string? Subject, DateTimeOffset? AskedAt, string? Problem);

/// <summary>
/// The link in the mail about a forgotten passphrase: looked at by whoever opens it, used up by the person's button. The new passphrase is asked for once more, for
/// somebody else may have started the recovery, with a passphrase that only they know: a press alone must not give them the account.
/// </summary>
public sealed class RecoveryConfirmation(
    IDbContextFactory<PortalDbContext> contexts, MailLinks links, SignInPassphrases passphrases, ReplacementRequests replacements, TimeProvider clock)
{
    /// <summary>Reads only.</summary>
    /// <exception cref="ServiceException">NotFound: not a link of ours.</exception>
    public async Task<RecoveryView> GetAsync(string token, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var hash = SecureTokens.Hash(token);
        var link = await db.MailLinks.AsNoTracking().SingleOrDefaultAsync(found => found.TokenHash == hash && found.Purpose == MailLinkPurpose.ConfirmRecovery, ct) ?? throw LinkErrors.Unknown();
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(found => found.Id == link.UserId, ct) ?? throw LinkErrors.Unknown();
        var attempt = await db.RecoveryAttempts.AsNoTracking().SingleOrDefaultAsync(found => found.Id == link.ObjectId, ct);
        return new(user.UserName!, user.FullName, user.CertificateSubject, attempt?.AskedAt, ProblemOf(link, attempt));
    }

    /// <summary>The officers are told. Nothing else changes until they decide.</summary>
    /// <exception cref="ServiceException">NotFound; Gone: used or expired; Invalid, beside Passphrase; Conflict: there is nothing to recover any more.</exception>
    public async Task<EnrollmentRequest> ConfirmAsync(string token, string? passphrase, Actor visitor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var link = await links.UseAsync(db, token, MailLinkPurpose.ConfirmRecovery, ct);
        var attempt = await db.RecoveryAttempts.SingleOrDefaultAsync(found => found.Id == link.ObjectId, ct) ?? throw LinkErrors.UsedMeanwhile();
        var user = await db.Users.SingleOrDefaultAsync(found => found.Id == attempt.UserId, ct) ?? throw LinkErrors.Unknown();
        if (!passphrases.Matches(attempt.PassphraseHash, passphrase)) throw RequestErrors.NotTheNewPassphrase();
        passphrases.Require(passphrase, hint: null, [user.UserName!, user.FullName, user.Email!]);

        var actor = new Actor(user.Id, user.UserName!, []) { Address = visitor.Address };
        var request = await replacements.AddAsync(db, user, RequestKind.Recovery, new ReplacementKey(attempt.EncryptedKey, attempt.PublicKeyInfo, passphrase!, attempt.Passphrase), actor, ct);
        db.RecoveryAttempts.Remove(attempt);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RecoveryConfirmed, actor, "user", user.Id, clock.GetUtcNow(), request.Id.ToString()));
        await SaveAsync(db, ct);
        return request;
    }

    private string? ProblemOf(MailLink link, RecoveryAttempt? attempt) =>
        link.UsedAt is not null ? "This link has been used already. Nothing more is to be done with it."
        : link.ExpiresAt <= clock.GetUtcNow() || attempt is null ? "This link has expired. Nothing was changed."
        : null;

    /// <summary>Of two presses at once the second finds the link used; of two recoveries confirmed at once one is the open one.</summary>
    private static async Task SaveAsync(PortalDbContext db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw LinkErrors.UsedMeanwhile();
        }
    }
}
