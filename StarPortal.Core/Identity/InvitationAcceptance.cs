using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>The invited person's side of an invitation.</summary>
public sealed class InvitationAcceptance(
    IDbContextFactory<PortalDbContext> contexts, MailLinks links, PassphrasePolicy policy, IPasswordHasher<PortalUser> hasher, TimeProvider clock)
{
    /// <summary>Who is invited by this link. Reads only.</summary>
    /// <exception cref="ServiceException">NotFound or Gone.</exception>
    public async Task<PortalUser> GetAsync(string token, CancellationToken ct)
    {
        var link = await links.GetAsync(token, MailLinkPurpose.AcceptInvitation, ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == link.UserId, ct) ?? throw LinkErrors.Unknown();
    }

    /// <summary>Sets the passphrase, confirms the address (the link was mailed to it) and uses the link up.</summary>
    /// <exception cref="ServiceException">NotFound or Gone; Invalid beside Passphrase.</exception>
    public async Task<PortalUser> AcceptAsync(string token, string passphrase, Actor visitor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var link = await links.UseAsync(db, token, MailLinkPurpose.AcceptInvitation, ct);
        var user = await db.Users.SingleOrDefaultAsync(candidate => candidate.Id == link.UserId, ct) ?? throw LinkErrors.Unknown();
        policy.Require(passphrase, [user.UserName!, user.FullName, user.Email!], "Passphrase");

        user.PasswordHash = hasher.HashPassword(user, passphrase);
        user.EmailConfirmed = true;
        (user.SecurityStamp, user.ConcurrencyStamp) = (SecureTokens.NewToken(), SecureTokens.NewToken());
        var accepted = new Actor(user.Id, user.UserName!, []) { Address = visitor.Address };
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.InvitationAccepted, accepted, "user", user.Id, clock.GetUtcNow()));
        await AccountRegistrar.SaveAsync(db, ct);
        return user;
    }
}
