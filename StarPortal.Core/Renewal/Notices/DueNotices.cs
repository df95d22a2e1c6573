using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Renewal;

/// <summary>A certificate that ends, as a notice tells of it.</summary>
internal sealed record EndingCertificate(Guid Id, Guid UserId, SerialNumber SerialNumber, string Subject, string Profile, DateTimeOffset NotBefore, DateTimeOffset NotAfter, DateTimeOffset IssuedAt);

/// <param name="Slot">The newest that has begun.</param>
/// <param name="Renewal">What is known of it; null: nothing yet.</param>
internal sealed record DueNotice(EndingCertificate Certificate, int Slot, CertificateRenewal? Renewal);

/// <summary>A person and everything that this person is to be told now, what ends first at the top.</summary>
internal sealed record DueDigest(Guid UserId, string Email, string FullName, IReadOnlyList<DueNotice> Notices);

/// <summary>
/// Finds what people are to be told: a slot has begun, and nobody was told of it; the certificate is neither revoked nor ended, nor replaced, nor declined; its holder has an
/// account that may be used and still belongs to the community as far as is known. Who has asked for silence is told of the last two slots only.
/// </summary>
internal static class DueNotices
{
    /// <param name="db">Renewals are tracked by it: whoever writes of them meanwhile makes the save fail.</param>
    public static async Task<IReadOnlyList<DueDigest>> ReadAsync(PortalDbContext db, IReadOnlyCollection<Guid> people, NoticeSlots slots, DateTimeOffset now, CancellationToken ct)
    {
        var certificates = await LivingAsync(db, people, now, ct);
        var due = certificates.Where(certificate => !IsReplaced(certificate, certificates))
            .Select(certificate => (Certificate: certificate, Slot: slots.FindDue(certificate.NotBefore, certificate.NotAfter, now)))
            .Where(one => one.Slot is not null).ToList();
        var ids = due.Select(one => one.Certificate.Id).ToList();
        var renewals = await db.CertificateRenewals.Where(renewal => ids.Contains(renewal.CertificateId)).ToDictionaryAsync(renewal => renewal.CertificateId, ct);
        var written = (await db.RenewalNotices.AsNoTracking().Where(notice => ids.Contains(notice.CertificateId)).Select(notice => new { notice.CertificateId, notice.Slot }).ToListAsync(ct))
            .Select(notice => (notice.CertificateId, notice.Slot)).ToHashSet();

        var muted = (await db.MutedNotices.AsNoTracking().Where(silence => people.Contains(silence.UserId)).Select(silence => silence.UserId).ToListAsync(ct)).ToHashSet();

        var last = slots.LastTwo().Days;
        var notices = due.Where(one => !muted.Contains(one.Certificate.UserId) || last.Contains(one.Slot!.Value)).Select(one => new DueNotice(one.Certificate, one.Slot!.Value, renewals.GetValueOrDefault(one.Certificate.Id)))
            .Where(notice => notice.Renewal?.IsOpen is not false && !written.Contains((notice.Certificate.Id, notice.Slot))).ToLookup(notice => notice.Certificate.UserId);
        var reachable = await ReachableAsync(db, [.. notices.Select(person => person.Key)], ct);
        return [.. reachable.Select(person => person with { Notices = [.. notices[person.UserId].OrderBy(notice => notice.Certificate.NotAfter)] })];
    }

    /// <summary>Replaced is what has a successor of the same person, name and kind that lives longer: somebody else's certificate never silences anybody.</summary>
    public static bool IsReplaced(EndingCertificate certificate, List<EndingCertificate> all) => all.Exists(later =>
        later.UserId == certificate.UserId && later.Subject == certificate.Subject && later.Profile == certificate.Profile && later.IssuedAt > certificate.IssuedAt && later.NotAfter > certificate.NotAfter);

    private static Task<List<EndingCertificate>> LivingAsync(PortalDbContext db, IReadOnlyCollection<Guid> people, DateTimeOffset now, CancellationToken ct) =>
        db.IssuedCertificates.AsNoTracking()
            .Where(certificate => certificate.UserId != null && people.Contains(certificate.UserId.Value) && certificate.NotAfter > now && certificate.RevokedAt == null && Issuers.OfPeople.Contains(certificate.Issuer))
            .Select(certificate => new EndingCertificate(certificate.Id, certificate.UserId!.Value, certificate.SerialNumber, certificate.Subject, certificate.Profile, certificate.NotBefore, certificate.NotAfter, certificate.IssuedAt))
            .ToListAsync(ct);

    private static Task<List<DueDigest>> ReachableAsync(PortalDbContext db, List<Guid> people, CancellationToken ct)
    {
        var (entitlements, locked) = (db.Entitlements, AccountLocks.Permanent);
        return db.Users.AsNoTracking()
            .Where(user => people.Contains(user.Id) && user.EmailConfirmed && user.Email != null && (user.LockoutEnd == null || user.LockoutEnd < locked)
                && !entitlements.Any(answer => answer.UserId == user.Id && answer.RefusedAt != null))
            .Select(user => new DueDigest(user.Id, user.Email!, user.FullName, Array.Empty<DueNotice>())).ToListAsync(ct);
    }
}
