using System.Globalization;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>What a person is told who is being removed. When it is done nothing is sent: there is no address any more.</summary>
public sealed class RemovalMails(Mailer mailer, MailTemplates templates, IOptions<PortalOptions> portal)
{
    internal void AddBegun(PortalDbContext db, PortalUser user, PersonRemoval removal) => Add(db, user, removal, "removal-begun");

    internal void AddUndone(PortalDbContext db, PortalUser user, PersonRemoval removal) => Add(db, user, removal, "removal-undone");

    private void Add(PortalDbContext db, PortalUser user, PersonRemoval removal, string template)
    {
        if (user is not { EmailConfirmed: true, Email: { } email }) return;
        var message = templates.Render($"revocation/{template}", email, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fullName"] = user.FullName,
            ["userName"] = user.UserName!,
            ["portal"] = portal.Value.Name,
            ["reason"] = removal.Reason,
            ["by"] = removal.AskedBy,
            ["due"] = removal.DueAt.UtcDateTime.ToString("d MMMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture),
            ["link"] = portal.Value.Link("/account"),
        });
        mailer.Add(db, $"removal:{removal.Id:N}:{template}", message with { ToName = user.FullName });
    }
}
