using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Acme;

/// <summary>Who hears of trouble with the certificates of an account or a delegation: its owner; where nobody is, or nobody can be reached, the administrators.</summary>
public sealed class AccountContacts(OfficerDirectory directory)
{
    public async Task<IReadOnlyList<MailRecipient>> FindAsync(PortalDbContext db, Guid? ownerId, CancellationToken ct)
    {
        var owner = ownerId is null ? null : await db.Users.AsNoTracking().Where(user => user.Id == ownerId && user.EmailConfirmed).Select(user => new { user.Email, user.FullName }).SingleOrDefaultAsync(ct);
        return owner?.Email is { } address
            ? [new MailRecipient(address, owner.FullName)]
            : [.. (await directory.FindAdministratorsAsync(ct)).Select(administrator => new MailRecipient(administrator.Email, administrator.FullName))];
    }
}
