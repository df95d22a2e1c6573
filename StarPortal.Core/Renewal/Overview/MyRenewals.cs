using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>What happens next with a certificate, for its holder.</summary>
/// <param name="OpensAt">From when on it can be renewed.</param>
/// <param name="ClosesAt">Until when.</param>
/// <param name="NextNoticeAt">When a mail comes unless something happens before; null: none comes.</param>
public sealed record MyRenewal(SerialNumber SerialNumber, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, DateTimeOffset? NextNoticeAt)
{
    public required bool IsReplaced { get; init; }

    public required DateTimeOffset? DeclinedAt { get; init; }

    /// <summary>Declined, and may be taken back until then.</summary>
    public required DateTimeOffset? UndoUntil { get; init; }

    public bool CanRenewAt(DateTimeOffset now) => !IsReplaced && DeclinedAt is null && OpensAt <= now && now <= ClosesAt;
}

/// <param name="AreMuted">Whether the person gets the last two notices only.</param>
/// <param name="Certificates">Those that are not revoked and can or could be renewed, by serial number.</param>
public sealed record MyRenewalOverview(bool AreMuted, IReadOnlyDictionary<SerialNumber, MyRenewal> Certificates);

/// <summary>The renewals of the person who asks, and whether that person wants to be told.</summary>
public sealed class MyRenewals(IDbContextFactory<PortalDbContext> contexts, IOptions<RenewalOptions> options, TimeProvider clock)
{
    public async Task<MyRenewalOverview> GetAsync(Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var alive = clock.GetUtcNow() - options.Value.LongestGrace;
        var areMuted = await db.MutedNotices.AnyAsync(muted => muted.UserId == userId, ct);
        var certificates = await db.IssuedCertificates.AsNoTracking()
            .Where(certificate => certificate.UserId == userId && Issuers.OfPeople.Contains(certificate.Issuer) && certificate.RevokedAt == null && certificate.NotAfter > alive)
            .Select(certificate => new EndingCertificate(certificate.Id, userId, certificate.SerialNumber, certificate.Subject, certificate.Profile, certificate.NotBefore, certificate.NotAfter, certificate.IssuedAt))
            .ToListAsync(ct);
        var renewals = await db.CertificateRenewals.AsNoTracking().Where(renewal => renewal.UserId == userId).ToDictionaryAsync(renewal => renewal.CertificateId, ct);
        return new(areMuted, certificates.ToDictionary(
            certificate => certificate.SerialNumber, certificate => Describe(certificate, renewals.GetValueOrDefault(certificate.Id), DueNotices.IsReplaced(certificate, certificates), areMuted)));
    }

    /// <summary>All notices come, or the last two; pages say what they say.</summary>
    public async Task SetMutedAsync(bool areMuted, Actor person, CancellationToken ct)
    {
        var userId = person.RequireSignedIn();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var known = await db.MutedNotices.SingleOrDefaultAsync(muted => muted.UserId == userId, ct);
        if (known is null != areMuted) return; // It is as wanted.
        var now = clock.GetUtcNow();
        if (known is null) db.MutedNotices.Add(MutedNotices.For(userId, now));
        else db.MutedNotices.Remove(known);
        db.AuditRecords.Add(AuditRecord.Of(areMuted ? AuditAction.RenewalNoticesMuted : AuditAction.RenewalNoticesUnmuted, person, "user", userId, now));
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException error) when (RowConflict.IsLostRace(error))
        {
            throw RenewalErrors.Busy();
        }
    }

    private MyRenewal Describe(EndingCertificate certificate, CertificateRenewal? renewal, bool isReplaced, bool areMuted)
    {
        var (slots, now) = (NoticeSlots.Of(options.Value), clock.GetUtcNow());
        var isSilent = isReplaced || renewal is { IsOpen: false };
        return new(
            certificate.SerialNumber, slots.OpensAt(certificate.NotBefore, certificate.NotAfter), certificate.NotAfter + options.Value.GraceFor(certificate.Profile),
            isSilent ? null : (areMuted ? slots.LastTwo() : slots).FindNext(certificate.NotBefore, certificate.NotAfter, now))
        {
            IsReplaced = isReplaced || renewal?.RenewedAt is not null,
            DeclinedAt = renewal?.DeclinedAt,
            UndoUntil = renewal?.DeclinedAt + options.Value.UndoTime is { } until && until >= now ? until : null,
        };
    }
}
