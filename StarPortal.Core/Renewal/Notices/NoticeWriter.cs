using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>Writes people's notices: the slots' rows, what becomes of the certificates, links, mail and audit record in one transaction.</summary>
public sealed class NoticeWriter(IDbContextFactory<PortalDbContext> contexts, NoticeMails mails, IOptions<RenewalOptions> options, TimeProvider clock)
{
    private const int MaxTries = 3;

    /// <summary>Whoever else writes for one of these people at the same moment, another node or the person's own answer, makes the whole batch fail; then each is looked at alone.</summary>
    /// <returns>How many people are told by this call.</returns>
    public async Task<int> WriteAsync(IReadOnlyList<Guid> people, CancellationToken ct)
    {
        if (await TryWriteAsync(people, ct) is { } told) return told;
        var count = 0;
        foreach (var person in people) count += await WriteOneAsync(person, ct);
        return count;
    }

    /// <summary>Somebody who is written about all the time is left to the next night.</summary>
    private async Task<int> WriteOneAsync(Guid person, CancellationToken ct)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await TryWriteAsync([person], ct) is { } told) return told;
        }

        return 0;
    }

    /// <returns>Null: somebody was faster, and nothing was written.</returns>
    private async Task<int?> TryWriteAsync(IReadOnlyList<Guid> people, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var digests = (await DueNotices.ReadAsync(db, people, NoticeSlots.Of(options.Value), now, ct)).Where(digest => Mailer.IsAddress(digest.Email)).ToList();
        if (digests.Count == 0) return 0;
        foreach (var digest in digests) Add(db, digest, now);
        try
        {
            await db.SaveChangesAsync(ct);
            return digests.Count;
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            return null;
        }
    }

    private void Add(PortalDbContext db, DueDigest digest, DateTimeOffset now)
    {
        foreach (var notice in digest.Notices)
        {
            var renewal = notice.Renewal ?? CertificateRenewal.Begin(notice.Certificate.Id, digest.UserId);
            renewal.Notify(now);
            if (notice.Renewal is null) db.CertificateRenewals.Add(renewal);
            db.RenewalNotices.Add(RenewalNotice.For(notice.Certificate.Id, notice.Slot, now));
        }

        mails.AddDigest(db, digest, now);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RenewalNotified, Actor.System("renewal-night"), "user", digest.UserId, now,
            string.Join(", ", digest.Notices.Select(notice => $"{notice.Certificate.SerialNumber} slot {notice.Slot}"))));
    }
}
