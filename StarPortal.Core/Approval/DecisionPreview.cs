using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;

namespace StarPortal.Core.Approval;

/// <param name="Text">The whole certificate, as it would be or as it is.</param>
/// <param name="Findings">Only while there is something to decide.</param>
/// <param name="Difference">Against the person's previous certificate.</param>
public sealed record Preview(string Text, IReadOnlyList<Finding> Findings, CardDifference? Difference);

/// <summary>What the certificate of a request says: the one that would be issued, or the one that was.</summary>
public sealed class DecisionPreview(CertificateAuthority authority, IssuingConditions conditions)
{
    public async Task<Preview> ReadAsync(PortalDbContext db, EnrollmentRequest request, CancellationToken ct)
    {
        var der = await FindIssuedAsync(db, request, ct) ?? authority.Preview(request.ToIssuanceOrder()).Der;
        return new(
            CertificateText.Render(der),
            request.IsDecidable ? await conditions.CheckAsync(db, request, ct) : [],
            await CompareAsync(db, request, der, ct));
    }

    private static async Task<byte[]?> FindIssuedAsync(PortalDbContext db, EnrollmentRequest request, CancellationToken ct)
    {
        var certificates = db.IssuedCertificates.AsNoTracking();
        return request.CertificateId is { } id
            ? await certificates.Where(certificate => certificate.Id == id).Select(certificate => certificate.Der).SingleOrDefaultAsync(ct)
            : null;
    }

    private static async Task<CardDifference?> CompareAsync(PortalDbContext db, EnrollmentRequest request, byte[] der, CancellationToken ct)
    {
        var certificates = db.IssuedCertificates.AsNoTracking();
        var previous = await certificates
            .Where(certificate => certificate.UserId == request.UserId && certificate.Profile == request.Profile && certificate.SourceKey != request.SourceKey)
            .OrderByDescending(certificate => certificate.IssuedAt).Select(certificate => new { certificate.SerialNumber, certificate.Der }).FirstOrDefaultAsync(ct);
        return previous is null ? null : new(previous.SerialNumber, CertificateDifference.Between(previous.Der, der));
    }
}
