using Microsoft.Extensions.Options;
using StarPortal.Core.Acme;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Web.Hosting;

/// <summary>Acme's news of namespaces as mails: the two rooms don't know each other. A key names claim, occasion and, where there are several, recipient.</summary>
internal sealed class NamespaceMail(MailTemplates templates, Mailer mailer, IOptions<PortalOptions> portal) : INamespaceMail
{
    public void AddAsked(PortalDbContext db, AcmeNamespace claim, string askedBy, OfficerContact contact) => Add(
        db, $"namespace:{claim.Id:N}:asked:{contact.UserId:N}", "acme/namespace-asked", contact.Email, contact.FullName, new(StringComparer.Ordinal)
        {
            ["domain"] = claim.Suffix,
            ["userName"] = askedBy,
            ["challenges"] = claim.Challenge switch
            {
                NamespaceChallenge.Required => "each name is proven by a challenge",
                NamespaceChallenge.Waived => "no challenges",
            },
            ["reason"] = claim.Reason.Length > 0 ? claim.Reason : "nothing was said",
            ["link"] = portal.Value.Link($"/admin/acme/namespaces/{claim.Id}"),
        });

    public void AddDecided(PortalDbContext db, AcmeNamespace claim, PortalUser owner) => Add(
        db, $"namespace:{claim.Id:N}:{claim.State}", "acme/namespace-decided", owner.Email!, owner.FullName, new(StringComparer.Ordinal)
        {
            ["domain"] = claim.Suffix,
            ["outcome"] = claim.State switch
            {
                AcmeNamespaceState.Asked => "waits for a decision",
                AcmeNamespaceState.Approved => "is in force",
                AcmeNamespaceState.Refused => "was refused",
                AcmeNamespaceState.Withdrawn => "is no longer in force",
            },
            ["note"] = claim.Note.Length > 0 ? claim.Note : "none",
            ["link"] = portal.Value.Link("/acme/namespaces"),
        });

    private void Add(PortalDbContext db, string key, string template, string to, string fullName, Dictionary<string, string> values)
    {
        values["fullName"] = fullName;
        mailer.Add(db, key, templates.Render(template, to, values) with { ToName = fullName });
    }
}
