using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

/// <summary>Bounds what one address gets within an hour: nobody's mailbox can be flooded through our forms.</summary>
internal sealed class MailRate(IOptions<MailOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <exception cref="ServiceException">TooMany, with the time after which there is room again.</exception>
    public async Task EnsureRoomAsync(PortalDbContext db, string recipient, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var since = now - Window;
        var last = await db.OutgoingMails.Where(mail => mail.Recipient == recipient && mail.SentAt > since)
            .OrderByDescending(mail => mail.SentAt).Select(mail => mail.SentAt!.Value).Take(options.Value.MaxPerRecipientPerHour).ToListAsync(ct);
        if (last.Count < options.Value.MaxPerRecipientPerHour) return;
        throw MailErrors.TooManyFor(last[^1] + Window - now + TimeSpan.FromSeconds(1));
    }
}
