using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <param name="Requests">Other requests of the person, the newest first.</param>
/// <param name="Certificates">The newest first.</param>
/// <param name="Namesakes">User names of other accounts with the same full name.</param>
public sealed record PersonRecord(IReadOnlyList<PastRequest> Requests, IReadOnlyList<PastCertificate> Certificates, IReadOnlyList<string> Namesakes);

/// <summary>What the portal knows about the person from before, as far as the officer may see it.</summary>
internal static class PersonHistory
{
    private const int MaxShown = 20;

    public static async Task<PersonRecord> ReadAsync(PortalDbContext db, EnrollmentRequest request, Actor officer, CancellationToken ct)
    {
        var scope = DecisionRights.ScopeOf(officer);
        var requests = db.EnrollmentRequests.AsNoTracking()
            .Where(other => other.Id != request.Id && (other.UserId == request.UserId || other.Email == request.Email));
        if (scope is not null) requests = requests.Where(other => scope.Contains(other.OrganisationId));
        var certificates = db.IssuedCertificates.AsNoTracking().Where(certificate => certificate.UserId == request.UserId);
        var namesakes = db.Users.AsNoTracking().Where(user => user.Id != request.UserId && user.FullName == request.FullName);
        if (scope is not null) namesakes = namesakes.Where(user => user.OrganisationId != null && scope.Contains(user.OrganisationId.Value));

        return new(
            await requests.OrderByDescending(other => other.SubmittedAt).Take(MaxShown)
                .Select(other => new PastRequest(
                    other.Id, other.Status, other.Profile, other.SubmittedAt, other.DecidedAt, other.RejectionCode, other.RejectionText)).ToListAsync(ct),
            await certificates.OrderByDescending(certificate => certificate.NotBefore).Take(MaxShown)
                .Select(certificate => new PastCertificate(
                    certificate.SerialNumber, certificate.Subject, certificate.Profile, certificate.NotBefore, certificate.NotAfter, certificate.RevokedAt, certificate.RevocationReason))
                .ToListAsync(ct),
            await namesakes.OrderBy(user => user.UserName).Select(user => user.UserName!).Take(5).ToListAsync(ct));
    }
}
