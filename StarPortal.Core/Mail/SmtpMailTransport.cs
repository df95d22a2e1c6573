using System.Net;
using System.Net.Mail;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;

namespace StarPortal.Core.Mail;

/// <summary>Hands each mail to the configured server, over STARTTLS (RFC 3207) unless that is switched off.</summary>
public sealed class SmtpMailTransport(MailComposer composer, IOptions<MailOptions> options) : IMailTransport
{
    public async Task<string> SendAsync(Guid id, MailMessage message, CancellationToken ct)
    {
        var settings = options.Value;
        using var mail = composer.Compose(id, message);
        using var client = new SmtpClient(settings.Host, settings.Port) { EnableSsl = settings.TlsRequired, Timeout = (int)settings.Timeout.TotalMilliseconds };
        if (!string.IsNullOrEmpty(settings.UserName)) client.Credentials = new NetworkCredential(settings.UserName, await PasswordAsync(settings, ct));
        try
        {
            await client.SendMailAsync(mail, ct).WaitAsync(ct); // The client notices a cancellation only at the server's next answer.
        }
        catch (SmtpException error)
        {
            throw SmtpAnswers.IsFinal(error)
                ? new OutboxGivenUpException(SmtpAnswers.Describe(error, settings))
                : MailErrors.NotTaken(SmtpAnswers.Describe(error, settings));
        }

        return $"Accepted by {settings.Host}:{settings.Port}{(settings.TlsRequired ? " over TLS" : "")} as {composer.MessageId(id)}";
    }

    private static async Task<string> PasswordAsync(MailOptions settings, CancellationToken ct) =>
        settings.PasswordFile is { } file ? (await File.ReadAllTextAsync(file, ct)).TrimEnd('\r', '\n') : settings.Password ?? "";
}
