using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Mail;

public enum MailState
{
    Pending,
    Sent,
    Dead,
}

/// <param name="Attempts">Null once the outbox has forgotten the item.</param>
/// <param name="DueAt">When a pending mail is tried next.</param>
/// <param name="Note">The last failure, or who took it.</param>
public sealed record MailEntry(
    Guid Id, string Recipient, string Subject, MailState State, DateTimeOffset QueuedAt, DateTimeOffset? SentAt, DateTimeOffset? DueAt, int? Attempts, string? Note);

/// <param name="Total">How many match, over all pages.</param>
public sealed record MailPage(IReadOnlyList<MailEntry> Entries, long Total);

public sealed record MailCounts(long Pending, long Sent, long Dead);

/// <summary>What administrators see of outgoing mail: never its content.</summary>
public sealed class MailHistory(IDbContextFactory<PortalDbContext> contexts, TimeProvider clock)
{
    public const int PageSize = 50;

    /// <param name="state">Null for all.</param>
    /// <param name="recipient">A part of the address, in any case; null for all.</param>
    /// <param name="page">From 1.</param>
    /// <exception cref="ServiceException">Forbidden.</exception>
    public async Task<MailPage> SearchAsync(MailState? state, string? recipient, int page, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var mails = Matching(db, state, recipient?.Trim());
        var outbox = db.Outbox;
        var total = await mails.LongCountAsync(ct);
        var rows = await mails.OrderByDescending(mail => mail.QueuedAt).ThenBy(mail => mail.Id).Skip((Math.Max(1, page) - 1) * PageSize).Take(PageSize)
            .Select(mail => new { Mail = mail, Item = outbox.FirstOrDefault(item => item.Id == mail.Id) }).ToListAsync(ct);
        return new MailPage([.. rows.Select(row => Entry(row.Mail, row.Item))], total);
    }

    /// <exception cref="ServiceException">Forbidden.</exception>
    public async Task<MailCounts> CountAsync(Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        return new MailCounts(
            await Matching(db, MailState.Pending, null).LongCountAsync(ct),
            await Matching(db, MailState.Sent, null).LongCountAsync(ct),
            await Matching(db, MailState.Dead, null).LongCountAsync(ct));
    }

    /// <summary>A second chance for a mail that was given up.</summary>
    /// <exception cref="ServiceException">Forbidden; NotFound; Conflict when it is not dead.</exception>
    public async Task RetryAsync(Guid id, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var item = await db.Outbox.SingleOrDefaultAsync(candidate => candidate.Id == id && candidate.Kind == Mailer.Kind, ct) ?? throw MailErrors.NotFound();
        var mail = await db.OutgoingMails.SingleOrDefaultAsync(candidate => candidate.Id == id, ct) ?? throw MailErrors.NotFound();
        item.Retry(clock.GetUtcNow());
        mail.MarkRetried();
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.MailRetried, actor, "mail", id, clock.GetUtcNow(), mail.Subject));
        await db.SaveChangesAsync(ct);
    }

    private static IQueryable<OutgoingMail> Matching(PortalDbContext db, MailState? state, string? recipient)
    {
        var mails = db.OutgoingMails.AsNoTracking();
        if (state is { } wanted) mails = wanted switch
        {
            MailState.Sent => mails.Where(mail => mail.SentAt != null),
            MailState.Dead => mails.Where(mail => mail.SentAt == null && mail.GivenUpAt != null),
            MailState.Pending => mails.Where(mail => mail.SentAt == null && mail.GivenUpAt == null),
        };
        return string.IsNullOrEmpty(recipient) ? mails : mails.Where(mail => mail.Recipient.ToLower().Contains(recipient.ToLowerInvariant()));
    }

    private static MailEntry Entry(OutgoingMail mail, OutboxItem? item)
    {
        var state = mail switch { { SentAt: not null } => MailState.Sent, { GivenUpAt: not null } => MailState.Dead, _ => MailState.Pending };
        return new MailEntry(
            mail.Id, mail.Recipient, mail.Subject, state, mail.QueuedAt, mail.SentAt,
            state is MailState.Pending ? item?.DueAt : null, item?.Attempts, state is MailState.Pending ? item?.LastError : mail.Result);
    }
}
