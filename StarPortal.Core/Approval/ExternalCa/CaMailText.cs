using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>What is kept of a message for people to read: bounded, and nothing in it hides, reorders or runs.</summary>
internal sealed record CaMailText(string Key, string FileName, string From, string Subject, string Text, DateTimeOffset ArrivedAt)
{
    public const int MaxLine = 300;

    public static string KeyOf(IncomingFile file) => SecureTokens.Hash(file.Name);

    public static CaMailText Of(IncomingFile file, MimeEntity mail, CaAnswer answer) => new(
        KeyOf(file), ShownText.Of(file.Name, MaxLine), ShownText.Of(mail.Text("From"), MaxLine), ShownText.Of(mail.Text("Subject"), MaxLine), ShownText.Of(answer.Text, CaMail.MaxText, lines: true),
        file.ArrivedAt);

    /// <summary>Of a message that can't be read: where it lies is all that is known.</summary>
    public static CaMailText Of(IncomingFile file) => new(KeyOf(file), ShownText.Of(file.Name, MaxLine), "", "", "", file.ArrivedAt);
}
