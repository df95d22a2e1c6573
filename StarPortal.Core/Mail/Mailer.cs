using System.Net.Mail;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

/// <summary>Puts mails into the outbox, in the unit of work of whatever gives rise to them. Their content is encrypted there: it holds tokens.</summary>
public sealed class Mailer(IDataProtectionProvider protection, TimeProvider clock)
{
    internal const string Kind = "mail";

    private readonly IDataProtector protector = protection.CreateProtector("StarPortal.Mail.Outbox");

    /// <summary>Adds to the caller's unit of work; the caller saves.</summary>
    /// <param name="key">Unique among mails, such as <c>request:{id}:confirm</c>: adding it twice violates an index instead of mailing twice.</param>
    /// <exception cref="ServiceException">Invalid: the recipient is not a mail address.</exception>
    public void Add(PortalDbContext db, string key, MailMessage message)
    {
        if (!IsAddress(message.To)) throw MailErrors.BadRecipient();
        var now = clock.GetUtcNow();
        var clean = message with { Subject = OneLine(message.Subject), ToName = message.ToName is { } name ? OneLine(name) : null };
        var item = OutboxItem.For(Kind, key, protector.Protect(JsonSerializer.Serialize(clean, JsonSerializerOptions.Web)), now);
        db.Outbox.Add(item);
        db.OutgoingMails.Add(OutgoingMail.For(item.Id, clean, now));
    }

    internal MailMessage Open(OutboxItem item) =>
        JsonSerializer.Deserialize<MailMessage>(protector.Unprotect(item.Read<string>()), JsonSerializerOptions.Web)
        ?? throw new InvalidOperationException($"Outbox item {item.Id} holds no mail.");

    /// <summary>One address without name, brackets or control characters, of a length that SMTP takes (RFC 5321 4.5.3.1).</summary>
    public static bool IsAddress(string text) =>
        text.Length <= 254 && !text.Any(char.IsControl) && MailAddress.TryCreate(text, out var address)
        && string.Equals(address.Address, text, StringComparison.Ordinal);

    internal static string OneLine(string text) => new([.. text.Select(character => char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character)]);
}
