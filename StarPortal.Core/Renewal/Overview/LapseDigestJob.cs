using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Jobs;
using StarPortal.Core.Mail;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>
/// One mail an officer a week: what lapses in the organisations that the officer answers for, and whether anybody is to be confirmed. None when there is nothing. The mail's key
/// names officer and week, so that neither a second run nor a second node sends another.
/// </summary>
public sealed class LapseDigestJob(
    IDbContextFactory<PortalDbContext> contexts, OfficerDirectory directory, RenewalOfficerMails mails, IOptions<RenewalOptions> options, TimeProvider clock) : IPortalJob
{
    public string Name => "renewal-officer-digest";

    public async Task<string> RunAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var digests = await CollectAsync(now, ct);
        var sent = 0;
        foreach (var digest in digests)
        {
            if (await SendAsync(digest, now, ct)) sent++;
        }

        return $"{sent} digests sent to {digests.Count} officers whose people's certificates lapse";
    }

    private async Task<IReadOnlyCollection<LapseDigest>> CollectAsync(DateTimeOffset now, CancellationToken ct)
    {
        var digests = new Dictionary<Guid, LapseDigest>();
        await using var db = await contexts.CreateDbContextAsync(ct);
        foreach (var organisation in await db.Organisations.AsNoTracking().OrderBy(organisation => organisation.Name).ToListAsync(ct))
        {
            var (lines, count) = await LapsingCertificates.ReadAsync(db, organisation, now, LapseDigest.MaxLines, ct);
            var toAnswer = await CountToAnswerAsync(db, organisation, now, ct);
            if (count + toAnswer == 0) continue;
            foreach (var officer in await directory.FindForAsync(organisation.Id, ct))
            {
                if (!digests.TryGetValue(officer.UserId, out var digest)) digests[officer.UserId] = digest = new LapseDigest(officer);
                digest.Add(lines, count);
                digest.ToAnswer += toAnswer;
            }
        }

        return digests.Values;
    }

    private Task<int> CountToAnswerAsync(PortalDbContext db, Organisation organisation, DateTimeOffset now, CancellationToken ct)
    {
        var anyOfficer = new Actor(Guid.Empty, Name, [new ActorGrant(PortalRole.Officer, organisation.Id)]);
        return EntitlementQuery.Of(db, anyOfficer, options.Value, now).CountAsync(ct);
    }

    /// <returns>Whether it was sent by this run.</returns>
    private async Task<bool> SendAsync(LapseDigest digest, DateTimeOffset now, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var week = string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(now.UtcDateTime)}-W{ISOWeek.GetWeekOfYear(now.UtcDateTime):00}");
        var key = $"renewal:lapsing:{week}:{digest.Officer.UserId:N}";
        if (await db.Outbox.AnyAsync(item => item.Kind == Mailer.Kind && item.Key == key, ct)) return false;
        mails.AddDigest(db, $"lapsing:{week}", digest);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RenewalDigestSent, Actor.System(Name), "user", digest.Officer.UserId, now, $"{digest.Count} lapse, {digest.ToAnswer} to answer"));
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            return false; // Another node was a moment faster.
        }
    }
}
