using System.Globalization;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>One mail a person a night: what ends first has buttons, what else ends has links; and an entry for the calendar.</summary>
public sealed class NoticeMails(Mailer mailer, MailTemplates templates, MailLinks links, IOptions<PortalOptions> portal, IOptions<RenewalOptions> options)
{
    internal void AddDigest(PortalDbContext db, DueDigest digest, DateTimeOffset now)
    {
        var (first, others) = (digest.Notices[0], digest.Notices.Skip(1).ToList());
        var message = templates.Render("renewal/notice", digest.Email, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = digest.FullName,
            ["portal"] = portal.Value.Name,
            ["subject"] = first.Certificate.Subject,
            ["serial"] = first.Certificate.SerialNumber.ToString(),
            ["ends"] = At(first.Certificate.NotAfter),
            ["left"] = Left(first.Certificate.NotAfter - now),
            ["renew"] = Link(db, "renew", MailLinkPurpose.RenewCertificate, first, now),
            ["decline"] = Link(db, "decline", MailLinkPurpose.DeclineRenewal, first, now),
            ["others"] = others.Count == 0 ? "" : $"These end soon too:\n\n{string.Join("\n\n", others.Select(notice => Describe(db, notice, now)))}",
            ["account"] = portal.Value.Link("/account"),
        });
        var calendar = CalendarFile.Write(digest.Notices.Select(notice => notice.Certificate), portal.Value, now);
        mailer.Add(db, $"renewal:{first.Certificate.Id:N}:notice:{first.Slot}", message with
        {
            ToName = digest.FullName, Attachments = [new MailAttachment("certificate-ends.ics", CalendarFile.ContentType, calendar)],
        });
    }

    private string Describe(PortalDbContext db, DueNotice notice, DateTimeOffset now) =>
        $"{notice.Certificate.Subject}, on {At(notice.Certificate.NotAfter)}\nRenew: {Link(db, "renew", MailLinkPurpose.RenewCertificate, notice, now)}\n"
        + $"Decline: {Link(db, "decline", MailLinkPurpose.DeclineRenewal, notice, now)}";

    /// <summary>As long as what it is for is possible: renewing within the grace time too.</summary>
    private string Link(PortalDbContext db, string page, MailLinkPurpose purpose, DueNotice notice, DateTimeOffset now)
    {
        var grace = purpose is MailLinkPurpose.RenewCertificate ? options.Value.GraceFor(notice.Certificate.Profile) : TimeSpan.Zero;
        var token = links.Add(db, purpose, notice.Certificate.Id, notice.Certificate.UserId, notice.Certificate.NotAfter + grace - now);
        return portal.Value.Link($"/{page}/{token}");
    }

    private static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("d MMMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Left(TimeSpan left) => left.TotalDays >= 1.5
        ? string.Create(CultureInfo.InvariantCulture, $"in {Math.Round(left.TotalDays)} days")
        : string.Create(CultureInfo.InvariantCulture, $"in {Math.Max(1, Math.Round(left.TotalHours))} h");
}
