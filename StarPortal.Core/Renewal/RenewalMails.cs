using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>What people get besides their notices, each in the unit of work of what it is about.</summary>
public sealed class RenewalMails(Mailer mailer, MailTemplates templates, IOptions<PortalOptions> portal)
{
    internal void AddRenewed(PortalDbContext db, RenewalSubject subject, IssuedCertificate certificate, bool keptHere) =>
        Add(db, "renewed", $"{subject.Certificate.Id:N}:renewed", subject.User, subject.User.Email!, new(StringComparer.Ordinal)
        {
            ["subject"] = certificate.Subject, ["serial"] = certificate.SerialNumber.ToString(), ["ends"] = RenewalErrors.Day(certificate.NotAfter), ["oldEnds"] = RenewalErrors.Day(subject.Certificate.NotAfter),
            ["what"] = keptHere
                ? "MyProxy logons use it from now on, under the same user name and passphrase. Where you have put the old one, in browsers and programs, put the new one before the old one ends."
                : "You made the key yourself: put the new certificate beside it.",
            ["link"] = portal.Value.Link($"/account/certificates/{certificate.SerialNumber}"),
        });

    /// <param name="token">Of the link by which it was declined; null: it was from the account.</param>
    internal void AddDeclined(PortalDbContext db, RenewalSubject subject, CertificateRenewal renewal, DateTimeOffset undoUntil, string? token) =>
        Add(db, "declined", $"{subject.Certificate.Id:N}:declined:{renewal.Version}", subject.User, subject.User.Email!, new(StringComparer.Ordinal)
        {
            ["subject"] = subject.Certificate.Subject, ["ends"] = RenewalErrors.Day(subject.Certificate.NotAfter), ["until"] = RenewalErrors.Day(undoUntil),
            ["undo"] = portal.Value.Link(token is null ? $"/account/certificates/{subject.Certificate.SerialNumber}/decline" : $"/decline/{token}"),
        });

    internal void AddConfirmAddress(PortalDbContext db, PortalUser user, AddressChange change, string token, DateTimeOffset expires) =>
        Add(db, "confirm-address", $"address:{change.Id:N}:confirm", user, change.Address, new(StringComparer.Ordinal)
        {
            ["address"] = change.Address, ["expires"] = RenewalErrors.Day(expires), ["link"] = portal.Value.Link($"/address/{token}"),
        });

    /// <summary>To the old address, before it is changed: whoever took the account over can't keep it quiet.</summary>
    internal void AddAddressChanged(PortalDbContext db, PortalUser user, AddressChange change) =>
        Add(db, "address-changed", $"address:{change.Id:N}:changed", user, user.Email!, new(StringComparer.Ordinal) { ["address"] = change.Address, ["link"] = portal.Value.Link("/account") });

    internal void AddEntitled(PortalDbContext db, PortalUser user, string subject, string token, int version) =>
        Add(db, "entitled", $"entitled:{user.Id:N}:{version}", user, user.Email!, new(StringComparer.Ordinal) { ["subject"] = subject, ["link"] = portal.Value.Link($"/renew/{token}") });

    /// <param name="organisation">Whose officer has said no.</param>
    /// <param name="isWish">Whether the person had only wished to belong to it.</param>
    internal void AddNotEntitled(PortalDbContext db, PortalUser user, string organisation, bool isWish, int version) =>
        Add(db, "not-entitled", $"not-entitled:{user.Id:N}:{version}", user, user.Email!, new(StringComparer.Ordinal)
        {
            ["organisation"] = organisation, ["link"] = portal.Value.Link("/account"),
            ["consequence"] = isWish
                ? "You stay with the organisation that you have been with, and your certificates are as they were."
                : "Your certificates are not renewed any more, and no reminders come. Those that you have stay valid until they end, unless they are revoked before.",
        });

    private void Add(PortalDbContext db, string template, string key, PortalUser user, string to, Dictionary<string, string> values)
    {
        values["name"] = user.FullName;
        values["userName"] = user.UserName!;
        values["portal"] = portal.Value.Name;
        mailer.Add(db, $"renewal:{key}", templates.Render($"renewal/{template}", to, values) with { ToName = user.FullName });
    }
}
