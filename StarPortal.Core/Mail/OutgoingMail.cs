namespace StarPortal.Core.Mail;

/// <summary>What is remembered of a mail: to whom, about what, when. Its content lives, protected, in the outbox until it is sent.</summary>
public sealed class OutgoingMail
{
    private OutgoingMail()
    {
    }

    /// <summary>The outbox item's id; the Message-ID and the file name are made of it.</summary>
    public Guid Id { get; private set; }

    public string Recipient { get; private set; } = "";

    public string Subject { get; private set; } = "";

    public DateTimeOffset QueuedAt { get; private set; }

    /// <summary>When a server (or the folder) took it.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    /// <summary>When the portal gave it up; null while there is hope, and again after an administrator's retry.</summary>
    public DateTimeOffset? GivenUpAt { get; private set; }

    /// <summary>The server's answer, or why it was given up.</summary>
    public string? Result { get; private set; }

    public static OutgoingMail For(Guid outboxId, MailMessage message, DateTimeOffset now) => new()
    {
        Id = outboxId,
        Recipient = message.To,
        Subject = message.Subject,
        QueuedAt = now,
    };

    public void MarkSent(string result, DateTimeOffset now) => (SentAt, GivenUpAt, Result) = (now, null, Short(result));

    public void MarkGivenUp(string reason, DateTimeOffset now) => (GivenUpAt, Result) = (now, Short(reason));

    public void MarkRetried() => GivenUpAt = null;

    private static string Short(string text) => text.Length <= 1000 ? text : text[..1000];
}
