using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Identity;

/// <summary>Writes an invitation's link and mail into a unit of work; an administrator may send so many an hour.</summary>
public sealed class InvitationSender(
    MailLinks links, IInvitationMail mail, AttemptThrottle throttle, IOptions<AccountOptions> options, TimeProvider clock)
{
    /// <exception cref="ServiceException">TooMany.</exception>
    public void Add(PortalDbContext db, PortalUser user, string roleName, Actor actor)
    {
        throttle.Spend($"invitation:{actor.Name}", options.Value.InvitationsPerHour, TimeSpan.FromHours(1));
        var now = clock.GetUtcNow();
        var token = links.Add(db, MailLinkPurpose.AcceptInvitation, user.Id, user.Id, options.Value.InvitationLifetime);
        var invitation = new Invitation(user.Email!, user.FullName, user.UserName!, roleName, actor.Name, $"/invitation/{token}", now + options.Value.InvitationLifetime);
        mail.Add(db, $"invitation:{SecureTokens.Hash(token)}", invitation);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.UserInvited, actor, "user", user.Id, now, roleName));
    }
}
