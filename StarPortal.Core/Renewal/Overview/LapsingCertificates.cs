using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Renewal;

/// <summary>What has ended in an organisation within a week, or ends within a month, with nothing after it.</summary>
internal static class LapsingCertificates
{
    private static readonly TimeSpan Behind = TimeSpan.FromDays(7);
    private static readonly TimeSpan Ahead = TimeSpan.FromDays(30);

    /// <returns>Some of them, what ends first at the top, and how many there are.</returns>
    public static async Task<(IReadOnlyList<LapsingCertificate> Lines, int Count)> ReadAsync(PortalDbContext db, Organisation organisation, DateTimeOffset now, int lines, CancellationToken ct)
    {
        var (all, renewals, users, from, to) = (db.IssuedCertificates.AsNoTracking(), db.CertificateRenewals, db.Users, now - Behind, now + Ahead);
        var lapsing = all.Where(certificate => certificate.OrganisationId == organisation.Id && certificate.NotAfter > from && certificate.NotAfter <= to
            && certificate.RevokedAt == null && Issuers.OfPeople.Contains(certificate.Issuer) && certificate.UserId != null
            && !all.Any(later => later.UserId == certificate.UserId && later.Subject == certificate.Subject && later.Profile == certificate.Profile
                && later.IssuedAt > certificate.IssuedAt && later.NotAfter > certificate.NotAfter && later.RevokedAt == null));
        var count = await lapsing.CountAsync(ct);
        if (count == 0) return ([], 0);
        var rows = await lapsing.OrderBy(certificate => certificate.NotAfter).ThenBy(certificate => certificate.Id).Take(lines)
            .Join(users, certificate => certificate.UserId, user => user.Id, (certificate, user) => new
            {
                user.FullName, certificate.NotAfter, IsDeclined = renewals.Any(renewal => renewal.CertificateId == certificate.Id && renewal.DeclinedAt != null),
            }).ToListAsync(ct);
        return ([.. rows.OrderBy(row => row.NotAfter).Select(row => new LapsingCertificate(row.FullName, organisation.Name, row.NotAfter, row.NotAfter <= now, row.IsDeclined))], count);
    }
}
