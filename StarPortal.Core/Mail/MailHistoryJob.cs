using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Jobs;

namespace StarPortal.Core.Mail;

/// <summary>Forgets recipients and subjects after <see cref="MailOptions.HistoryDays"/>, and the content of dead mails with them.</summary>
internal sealed class MailHistoryJob(IDbContextFactory<PortalDbContext> contexts, IOptions<MailOptions> options, TimeProvider clock) : IPortalJob
{
    public string Name => "mail-history";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var before = clock.GetUtcNow() - TimeSpan.FromDays(options.Value.HistoryDays);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var (mails, outbox) = (db.OutgoingMails, db.Outbox);
        await outbox.Where(item => item.Kind == Mailer.Kind && item.Status == OutboxStatus.Dead
            && mails.Any(mail => mail.Id == item.Id && mail.GivenUpAt < before)).ExecuteDeleteAsync(ct);
        var count = await mails.Where(mail => mail.SentAt < before || mail.GivenUpAt < before).ExecuteDeleteAsync(ct);
        await transaction.CommitAsync(ct);
        return $"{count} mails forgotten";
    }
}
