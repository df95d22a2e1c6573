using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

/// <summary>Makes the wire form: headers, multipart/alternative with text first (RFC 2046 5.1.4), attachments.</summary>
public sealed class MailComposer(IOptions<MailOptions> options, IOptions<PortalOptions> portal)
{
    private readonly MailAddress from = options.Value.From is { } given
        ? new MailAddress(given)
        : new MailAddress($"noreply@{portal.Value.BaseUrl.Host}", portal.Value.Name, Encoding.UTF8);

    private readonly string name = portal.Value.Name;

    /// <summary>RFC 5322 3.6.4; the same for every attempt, so that a receiver can tell a repetition.</summary>
    public string MessageId(Guid id) => $"<{id:N}@{from.Host}>";

    public System.Net.Mail.MailMessage Compose(Guid id, MailMessage message)
    {
        var mail = new System.Net.Mail.MailMessage
        {
            From = message.From is { } sender ? new MailAddress(sender, name, Encoding.UTF8) : from,
            Subject = Mailer.OneLine(message.Subject),
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
        };
        mail.To.Add(new MailAddress(message.To, message.ToName is { } recipient ? Mailer.OneLine(recipient) : null, Encoding.UTF8));
        mail.Headers.Add("Message-ID", MessageId(id));
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834 5: no vacation notice answers it.
        mail.AlternateViews.Add(Part(message.Text, MediaTypeNames.Text.Plain));
        mail.AlternateViews.Add(Part(message.Html, MediaTypeNames.Text.Html));
        foreach (var attachment in message.Attachments)
            mail.Attachments.Add(new Attachment(new MemoryStream(attachment.Content), Mailer.OneLine(attachment.FileName), attachment.ContentType));
        return mail;
    }

    private static AlternateView Part(string content, string type)
    {
        var view = AlternateView.CreateAlternateViewFromString(content.ReplaceLineEndings("\r\n"), Encoding.UTF8, type);
        view.TransferEncoding = TransferEncoding.QuotedPrintable;
        return view;
    }
}
