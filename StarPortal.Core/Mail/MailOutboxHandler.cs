using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

/// <summary>
/// Sends what <see cref="Mailer"/> put in. Sent and recorded is sent for good; killed in between, the mail goes out again with the same
/// Message-ID (a mail server can't be asked whether it has it).
/// </summary>
internal sealed class MailOutboxHandler(
    IDbContextFactory<PortalDbContext> contexts, Mailer mailer, IMailTransport transport, MailRate rate, TimeProvider clock) : IOutboxHandler
{
    private static readonly Actor Self = Actor.System(Mailer.Kind);

    public string Kind => Mailer.Kind;

    public async Task HandleAsync(OutboxItem item, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var record = await db.OutgoingMails.SingleAsync(mail => mail.Id == item.Id, ct);
        if (record.SentAt is null)
        {
            await rate.EnsureRoomAsync(db, record.Recipient, ct);
            var result = await transport.SendAsync(item.Id, mailer.Open(item), ct);
            record.MarkSent(result, clock.GetUtcNow());
            db.AuditRecords.Add(AuditRecord.Of(AuditAction.MailSent, Self, "mail", item.Id, clock.GetUtcNow(), record.Subject));
            await db.SaveChangesAsync(CancellationToken.None); // It is out: a shutdown must not forget it.
        }

        item.ClearPayload();
    }

    public async Task GivenUpAsync(OutboxItem item, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var record = await db.OutgoingMails.SingleAsync(mail => mail.Id == item.Id, ct);
        record.MarkGivenUp(item.LastError ?? "", clock.GetUtcNow());
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.MailGivenUp, Self, "mail", item.Id, clock.GetUtcNow(), item.LastError));
        await db.SaveChangesAsync(ct);
    }
}
