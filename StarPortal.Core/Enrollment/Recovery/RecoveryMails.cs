using System.Globalization;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>The mail that makes sure that a recovery is wanted by whom it is about.</summary>
public sealed class RecoveryMails(MailTemplates templates, Mailer mailer, IOptions<PortalOptions> portal)
{
    internal void AddConfirmation(PortalDbContext db, PortalUser user, RecoveryAttempt attempt, string token, DateTimeOffset expires)
    {
        var message = templates.Render("enrollment/confirm-recovery", user.Email!, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["portal"] = portal.Value.Name,
            ["name"] = user.FullName,
            ["userName"] = user.UserName!,
            ["subject"] = user.CertificateSubject ?? "",
            ["asked"] = Text(attempt.AskedAt),
            ["expires"] = Text(expires),
            ["link"] = portal.Value.Link($"/password/forgotten/{token}"),
        });
        mailer.Add(db, $"recovery:{attempt.Id:N}", message with { ToName = user.FullName });
    }

    private static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("d MMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
