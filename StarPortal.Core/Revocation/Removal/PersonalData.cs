using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Approval;
using StarPortal.Core.Credentials;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.MyProxy;

namespace StarPortal.Core.Revocation;

/// <summary>All rows that say something about a person, but for certificates and the audit log.</summary>
internal static class PersonalData
{
    /// <summary>Marks them for deletion in the caller's unit of work. Roles, passkeys, tokens and sessions go with the account.</summary>
    public static async Task DeleteAsync(PortalDbContext db, PersonRemoval removal, CancellationToken ct)
    {
        var userId = removal.UserId;
        db.Credentials.RemoveRange(await db.Credentials.Where(credential => credential.UserId == userId).ToListAsync(ct));
        db.StoredCredentials.RemoveRange(await CredentialLocks.LoadAsync(db, userId, removal.UserName, ct));
        db.RecoveryAttempts.RemoveRange(await db.RecoveryAttempts.Where(attempt => attempt.UserId == userId).ToListAsync(ct));
        db.MailLinks.RemoveRange(await db.MailLinks.Where(link => link.UserId == userId).ToListAsync(ct));
        await DeleteRequestsAsync(db, userId, ct);
        if (await db.Users.SingleOrDefaultAsync(candidate => candidate.Id == userId, ct) is not { } user) return;

        db.OutgoingMails.RemoveRange(await db.OutgoingMails.Where(mail => mail.Recipient == user.Email && (mail.SentAt != null || mail.GivenUpAt != null)).ToListAsync(ct));
        db.Users.Remove(user);
    }

    private static async Task DeleteRequestsAsync(PortalDbContext db, Guid userId, CancellationToken ct)
    {
        var requests = await db.EnrollmentRequests.Include(request => request.Messages).Where(request => request.UserId == userId).ToListAsync(ct);
        var ids = requests.ConvertAll(request => request.Id);
        db.Decisions.RemoveRange(await db.Decisions.Where(decision => ids.Contains(decision.RequestId)).ToListAsync(ct));
        db.MailLinks.RemoveRange(await db.MailLinks.Where(link => link.UserId != userId && ids.Contains(link.ObjectId)).ToListAsync(ct));
        db.CaMails.RemoveRange(await db.CaMails.Where(mail => mail.RequestId != null && ids.Contains(mail.RequestId.Value)).ToListAsync(ct));
        db.EnrollmentRequests.RemoveRange(requests);
    }
}
