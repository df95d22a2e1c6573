using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Renewal;

/// <summary>Whether a certificate may be renewed now: the page shows it, and whoever renews insists on it.</summary>
public sealed class RenewalRules(ExternalAuthority external, IOptions<RenewalOptions> options, TimeProvider clock)
{
    /// <returns>The first thing that stands against it, in words for the holder; null: nothing does.</returns>
    internal async Task<ServiceException?> FindObstacleAsync(PortalDbContext db, RenewalSubject subject, CancellationToken ct) =>
        FindAnswer(subject) ?? FindByIssuer(subject) ?? FindByDate(subject) ?? await FindByOthersAsync(db, subject, ct) ?? FindLinkProblem(subject);

    /// <summary>The last instant of renewing.</summary>
    internal DateTimeOffset ClosesAt(RenewalSubject subject) => subject.Certificate.NotAfter + options.Value.GraceFor(subject.Certificate.Profile);

    /// <summary>Whether a certificate of the same person, name and kind, issued later, takes its place.</summary>
    internal static Task<bool> IsReplacedAsync(PortalDbContext db, RenewalSubject subject, CancellationToken ct)
    {
        var certificate = subject.Certificate;
        return db.IssuedCertificates.AnyAsync(later => later.UserId == certificate.UserId && later.Subject == certificate.Subject && later.Profile == certificate.Profile
            && later.IssuedAt > certificate.IssuedAt && later.NotAfter > certificate.NotAfter && later.RevokedAt == null, ct);
    }

    private static ServiceException? FindAnswer(RenewalSubject subject) => subject switch
    {
        { Renewal.RenewedAt: { } renewed } => RenewalErrors.AlreadyRenewed(renewed),
        { Renewal.DeclinedAt: { } declined } => RenewalErrors.Declined(declined),
        { Certificate.IsRevoked: true } => RenewalErrors.Revoked(),
        { User.IsLockedByAdministrator: true } => RenewalErrors.Locked(),
        _ => null,
    };

    private ServiceException? FindByIssuer(RenewalSubject subject) => external.Signs(subject.Certificate.Profile) ? RenewalErrors.SignedOutside() : null;

    private ServiceException? FindByDate(RenewalSubject subject)
    {
        var (certificate, now) = (subject.Certificate, clock.GetUtcNow());
        var opensAt = NoticeSlots.Of(options.Value).OpensAt(certificate.NotBefore, certificate.NotAfter);
        if (now < opensAt) return RenewalErrors.TooEarly(opensAt);
        return now > ClosesAt(subject) ? RenewalErrors.TooLate(ClosesAt(subject)) : null;
    }

    private static async Task<ServiceException?> FindByOthersAsync(PortalDbContext db, RenewalSubject subject, CancellationToken ct)
    {
        if (await IsReplacedAsync(db, subject, ct)) return RenewalErrors.Replaced();
        var (userId, name) = (subject.User.Id, subject.Certificate.Subject);
        return await db.EnrollmentRequests.AnyAsync(request => request.UserId == userId && request.Subject == name && request.Status == RequestStatus.Approved, ct)
            ? RenewalErrors.BeingIssued() : null;
    }

    /// <summary>Last: whoever renewed by this link wants to hear that, and not that it was used.</summary>
    private ServiceException? FindLinkProblem(RenewalSubject subject)
    {
        try
        {
            subject.Link?.RequireAlive(clock.GetUtcNow());
            return null;
        }
        catch (ServiceException refusal)
        {
            return refusal;
        }
    }
}
