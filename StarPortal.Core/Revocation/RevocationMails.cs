using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>The mail to the holder, whoever revoked.</summary>
public sealed class RevocationMails(Mailer mailer, MailTemplates templates, IOptions<PortalOptions> portal)
{
    public async Task AddRevokedAsync(PortalDbContext db, IssuedCertificate certificate, RevocationChoice choice, string note, bool isOwn, CancellationToken ct)
    {
        var holder = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == certificate.UserId, ct);
        if (holder?.Email is null) return; // No account, no address: such as a certificate of the portal's own host.
        var message = templates.Render("revocation/revoked", holder.Email, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fullName"] = holder.FullName,
            ["subject"] = certificate.Subject,
            ["serial"] = certificate.SerialNumber.ToString(),
            ["when"] = certificate.RevokedAt?.UtcDateTime.ToString("d MMMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "",
            ["by"] = isOwn ? "yourself" : "an officer or administrator",
            ["reason"] = choice.LabelFor(isOwn),
            ["note"] = note,
            ["advice"] = isOwn ? "If this was not you, change your passphrase and talk to the officers of your organisation." : "If you think that this is a mistake, talk to the officers of your organisation.",
            ["link"] = portal.Value.Link("/request"),
        });
        mailer.Add(db, $"certificate:{certificate.SerialNumber}:revoked", message with { ToName = holder.FullName });
    }
}
