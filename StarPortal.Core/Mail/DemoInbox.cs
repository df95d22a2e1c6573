using System.Globalization;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

/// <param name="Id">The outbox item's; names the file.</param>
public sealed record InboxMail(Guid Id, DateTimeOffset At, EmlMessage Message);

/// <summary>Everybody's mail of a demo, read from the files that <see cref="EmlMailTransport"/> wrote.</summary>
public sealed class DemoInbox(IOptions<PortalOptions> portal)
{
    /// <summary>Older mails stay on disk.</summary>
    public const int MostShown = 200;

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<InboxMail>> ListAsync(CancellationToken ct)
    {
        var folder = new DirectoryInfo(portal.Value.PathOf("mail"));
        if (!folder.Exists) return [];
        List<InboxMail> mails = [];
        foreach (var file in folder.EnumerateFiles("*.eml").OrderByDescending(file => file.LastWriteTimeUtc).Take(MostShown))
        {
            if (Guid.TryParseExact(Path.GetFileNameWithoutExtension(file.Name), "N", out var id) && await FindAsync(id, ct) is { } mail) mails.Add(mail);
        }

        return [.. mails.OrderByDescending(mail => mail.At)];
    }

    /// <returns>Null when there is no such mail.</returns>
    public async Task<InboxMail?> FindAsync(Guid id, CancellationToken ct)
    {
        var file = portal.Value.PathOf("mail", $"{id:N}.eml");
        if (!File.Exists(file)) return null;
        var message = EmlMessage.Parse(await File.ReadAllBytesAsync(file, ct));
        var dated = DateTimeOffset.TryParse(message.Header("Date"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at);
        return new InboxMail(id, dated ? at : new DateTimeOffset(File.GetLastWriteTimeUtc(file)), message);
    }
}
