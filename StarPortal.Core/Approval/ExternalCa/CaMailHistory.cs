using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Mail;

namespace StarPortal.Core.Approval;

/// <summary>Messages that nobody has to look at are forgotten with the history of outgoing mail; those that wait for an officer are limited in number.</summary>
public sealed class CaMailHistory(IDbContextFactory<PortalDbContext> contexts, IOptions<MailOptions> mail, TimeProvider clock)
{
    internal async Task PruneAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var before = clock.GetUtcNow() - TimeSpan.FromDays(mail.Value.HistoryDays);
        await db.CaMails.Where(row => row.Status != CaMailStatus.SetAside && row.HandledAt < before).ExecuteDeleteAsync(ct);
    }
}
