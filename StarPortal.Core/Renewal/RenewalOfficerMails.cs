using System.Globalization;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>What officers get. Keys name occasion and recipient: each mail is sent once.</summary>
public sealed class RenewalOfficerMails(Mailer mailer, MailTemplates templates, IOptions<PortalOptions> portal)
{
    internal void AddDeclined(PortalDbContext db, RenewalSubject subject, CertificateRenewal renewal, string organisation, OfficerContact officer) =>
        Add(db, "declined-officer", $"{subject.Certificate.Id:N}:declined:{renewal.Version}", officer, new(StringComparer.Ordinal)
        {
            ["fullName"] = subject.User.FullName, ["userName"] = subject.User.UserName!, ["organisation"] = organisation, ["subject"] = subject.Certificate.Subject,
            ["ends"] = RenewalErrors.Day(subject.Certificate.NotAfter), ["link"] = portal.Value.Link($"/ra/certificates/{subject.Certificate.SerialNumber}"),
        });

    internal void AddEntitlementAsked(PortalDbContext db, PortalUser user, string organisation, int version, OfficerContact officer) =>
        Add(db, "entitlement-asked", $"entitlement:{user.Id:N}:{version}", officer, new(StringComparer.Ordinal)
        {
            ["fullName"] = user.FullName, ["userName"] = user.UserName!, ["organisation"] = organisation, ["link"] = portal.Value.Link("/ra/entitlements"),
        });

    /// <param name="key">Names the week.</param>
    internal void AddDigest(PortalDbContext db, string key, LapseDigest digest) => Add(db, "lapsing", key, digest.Officer, new(StringComparer.Ordinal)
    {
        ["count"] = digest.Count.ToString(CultureInfo.InvariantCulture),
        ["list"] = string.Join('\n', digest.Lines.Select(line => $"{line.FullName} ({line.Organisation}): {(line.HasEnded ? "ended" : "ends")} {RenewalErrors.Day(line.NotAfter)}{line.Note}"))
            + (digest.Count > digest.Lines.Count ? $"\nand {digest.Count - digest.Lines.Count} more" : ""),
        ["entitlements"] = digest.ToAnswer == 0 ? "" : $"About {(digest.ToAnswer == 1 ? "one person" : $"{digest.ToAnswer} people")} you are asked whether they are still yours: {portal.Value.Link("/ra/entitlements")}",
        ["link"] = portal.Value.Link("/ra/renewals"),
    });

    private void Add(PortalDbContext db, string template, string key, OfficerContact officer, Dictionary<string, string> values)
    {
        values["officer"] = officer.FullName;
        values["portal"] = portal.Value.Name;
        mailer.Add(db, $"renewal:{key}:{officer.UserId:N}", templates.Render($"renewal/{template}", officer.Email, values) with { ToName = officer.FullName });
    }
}
