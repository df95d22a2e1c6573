using StarPortal.Core.Data;

namespace StarPortal.Core.Mail;

/// <summary>A template, filled, as an outgoing mail.</summary>
internal sealed class TemplateMail(MailTemplates templates, Mailer mailer) : ITemplateMail
{
    public void Add(PortalDbContext db, string key, string template, MailRecipient to, IReadOnlyDictionary<string, string> values) =>
        mailer.Add(db, key, templates.Render(template, to.Address, values) with { ToName = to.Name });
}
