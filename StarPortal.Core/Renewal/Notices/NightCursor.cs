using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Renewal;

/// <summary>How far a night has come: certificates in the order of their ends, and of their ids where they end at once.</summary>
internal sealed record NightCursor(DateTimeOffset NotAfter, Guid CertificateId)
{
    /// <summary>People whose certificates come next, each once; somebody with several may come again later.</summary>
    /// <param name="db">Read only.</param>
    /// <param name="behind">Null: from <paramref name="now"/> on.</param>
    /// <param name="now">What has ended is not told of.</param>
    /// <param name="until">What ends later is not told of yet.</param>
    /// <param name="count">Certificates to read.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>Null: that was all.</returns>
    public static async Task<(IReadOnlyList<Guid> People, NightCursor End)?> ReadAsync(
        PortalDbContext db, NightCursor? behind, DateTimeOffset now, DateTimeOffset until, int count, CancellationToken ct)
    {
        var (from, after) = (behind?.NotAfter ?? now, behind?.CertificateId ?? Guid.Empty);
        var rows = await db.IssuedCertificates.AsNoTracking()
            .Where(certificate => certificate.NotAfter >= from && certificate.NotAfter <= until && (certificate.NotAfter > from || certificate.Id.CompareTo(after) > 0))
            .Where(certificate => certificate.RevokedAt == null && Issuers.OfPeople.Contains(certificate.Issuer) && certificate.UserId != null)
            .OrderBy(certificate => certificate.NotAfter).ThenBy(certificate => certificate.Id).Take(count)
            .Select(certificate => new { certificate.Id, certificate.NotAfter, UserId = certificate.UserId!.Value }).ToListAsync(ct);
        if (rows is not [.., var last]) return null;
        return ([.. rows.Select(row => row.UserId).Distinct()], new NightCursor(last.NotAfter, last.Id));
    }
}
