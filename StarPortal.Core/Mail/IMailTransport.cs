namespace StarPortal.Core.Mail;

/// <summary>Takes a mail out of the house.</summary>
public interface IMailTransport
{
    /// <summary>Sends the mail. The same <paramref name="id"/> twice is the same mail: same Message-ID, same file.</summary>
    /// <returns>One line for people: who took it.</returns>
    /// <exception cref="Data.OutboxGivenUpException">It will never be taken: a 5xx answer about this recipient or this content.</exception>
    /// <exception cref="Shared.ServiceException">Unavailable: not taken now.</exception>
    Task<string> SendAsync(Guid id, MailMessage message, CancellationToken ct);
}
