using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Revocation;

/// <summary>The mail to the holder, whoever revoked.</summary>
public sealed class RevocationMails(Mailer mailer, MailTemplates templates, ExternalAuthority external, IOptions<PortalOptions> portal)
{
    public async Task AddRevokedAsync(PortalDbContext db, IssuedCertificate certificate, RevocationChoice choice, string note, RevokedBy by, CancellationToken ct)
    {
        var holder = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == certificate.UserId, ct);
        if (holder?.Email is null) return; // No account, no address: such as a certificate of the portal's own host.
        var message = templates.Render("revocation/revoked", holder.Email, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fullName"] = holder.FullName,
            ["subject"] = certificate.Subject,
            ["serial"] = certificate.SerialNumber.ToString(),
            ["when"] = certificate.RevokedAt?.UtcDateTime.ToString("d MMMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "",
            ["by"] = by switch
            {
                RevokedBy.Holder => "yourself",
                RevokedBy.Office => "an officer or administrator",
                RevokedBy.KeyHolder => "whoever has its private key",
            },
            ["reason"] = choice.LabelFor(by is RevokedBy.Holder),
            ["note"] = note,
            ["advice"] = by switch
            {
                RevokedBy.Holder => "If this was not you, change your passphrase and talk to the officers of your organisation.",
                RevokedBy.Office => "If you think that this is a mistake, talk to the officers of your organisation.",
                RevokedBy.KeyHolder => "If this was not you, somebody else has your key: where else does it lie? Ask for a new certificate, with a new key.",
            } + (certificate.Issuer == Issuers.External
                ? $" This certificate is signed by a certificate authority outside: this portal uses it no more, and everybody else hears of it only when that authority revokes it too. Ask {external.Contact}, and name the serial number {certificate.SerialNumberOfIssuer}." : ""),
            ["link"] = portal.Value.Link("/request"),
        });
        mailer.Add(db, $"certificate:{certificate.SerialNumber}:revoked", message with { ToName = holder.FullName });
    }
}
