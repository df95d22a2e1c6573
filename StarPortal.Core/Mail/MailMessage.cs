namespace StarPortal.Core.Mail;

/// <summary>One mail to one person, in a text and an HTML part that say the same.</summary>
public sealed record MailMessage
{
    /// <summary>The address alone, without name or angle brackets.</summary>
    public required string To { get; init; }

    /// <summary>The recipient's name, in any script.</summary>
    public string? ToName { get; init; }

    /// <summary>The sender's address, where it is not the portal's: answers are to come there.</summary>
    public string? From { get; init; }

    /// <summary>One line.</summary>
    public required string Subject { get; init; }

    public required string Text { get; init; }

    /// <summary>A whole HTML document.</summary>
    public required string Html { get; init; }

    public IReadOnlyList<MailAttachment> Attachments { get; init; } = [];
}

/// <param name="FileName">As the reader's mail program shows it.</param>
/// <param name="ContentType">A media type, such as <c>text/csv</c>.</param>
public sealed record MailAttachment(string FileName, string ContentType, byte[] Content);
