using System.Globalization;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting;

/// <summary>Identity's invitation as a mail: the two rooms don't know each other.</summary>
internal sealed class InvitationMail(MailTemplates templates, Mailer mailer, IOptions<PortalOptions> portal) : IInvitationMail
{
    public void Add(PortalDbContext db, string key, Invitation invitation) =>
        mailer.Add(db, key, templates.Render("identity/invitation", invitation.To, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["portal"] = portal.Value.Name,
            ["name"] = invitation.FullName,
            ["userName"] = invitation.UserName,
            ["invitedBy"] = invitation.InvitedBy,
            ["role"] = invitation.Role,
            ["link"] = portal.Value.Link(invitation.Path),
            ["expires"] = invitation.ExpiresAt.UtcDateTime.ToString("d MMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture),
        }) with { ToName = invitation.FullName });
}
