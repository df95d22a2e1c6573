using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>Puts everything that an approved request becomes into one unit of work: certificate, stored key, pinned subject, registry entry, mail, audit, status.</summary>
public sealed class RequestIssuer(
    CertificateAuthority authority, IssuingConditions conditions, IssuedKeys keys, RegistryMembership registry, RequesterMails mails)
{
    /// <returns>False when there is nothing to do: issued already, or returned to the officers since.</returns>
    /// <exception cref="ServiceException">What the officers approved can't be issued as things stand now.</exception>
    public async Task<bool> AddAsync(PortalDbContext db, IssueApproved approved, CancellationToken ct)
    {
        var requests = db.EnrollmentRequests;
        var request = await requests.SingleAsync(candidate => candidate.Id == approved.RequestId, ct);
        if (request.Status is not RequestStatus.Approved || request.Round != approved.Round) return false;

        var actor = Actor.System(IssueApproved.Kind);
        var user = await db.Users.SingleOrDefaultAsync(candidate => candidate.Id == request.UserId, ct);
        var blocking = (await conditions.CheckAsync(db, request, ct)).Where(finding => finding.Severity is FindingSeverity.Block).ToList();
        if (user is null || blocking.Count > 0) throw ApprovalErrors.Blocked(blocking);

        var order = request.ToIssuanceOrder();
        var certificate = authority.Issue(db, order, actor);
        await keys.AddAsync(db, request, user, certificate, actor, ct);
        Pin(user, certificate);
        await registry.EnterAsync(db, user, OneLineName.Of(order.Subject.Encoded), actor, ct);
        request.MarkIssued(certificate.Id, certificate.IssuedAt);
        await mails.AddIssuedAsync(db, request, certificate, ct);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestIssued, actor, "request", request.Id, certificate.IssuedAt, certificate.SerialNumber.ToString()));
        return true;
    }

    private static void Pin(PortalUser user, IssuedCertificate certificate)
    {
        if (user.CertificateSubject is { } pinned && pinned != certificate.Subject)
            throw new ServiceException(ErrorKind.Conflict, $"This person's certificates say {pinned}, and keep saying so; this request asks for another subject.");
        user.PinSubject(certificate.Subject);
    }
}
