using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Registry;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>What follows when a request has its certificate, whoever signed it: stored key, MyProxy, pinned subject, registry entry, mail, audit, status.</summary>
public sealed class RequestCompletion(IssuedKeys keys, RegistryMembership registry, RequesterMails mails)
{
    /// <summary>Adds all of it to the caller's unit of work.</summary>
    /// <exception cref="ServiceException">Conflict: the person's certificates have another subject.</exception>
    internal async Task AddAsync(PortalDbContext db, EnrollmentRequest request, PortalUser user, IssuedCertificate certificate, Actor actor, CancellationToken ct)
    {
        await keys.AddAsync(db, request, user, certificate, actor, ct);
        Pin(user, certificate);
        await registry.EnterAsync(db, user, OneLineName.Of(request.ToIssuanceOrder().Subject.Encoded), actor, ct);
        request.MarkIssued(certificate.Id, certificate.IssuedAt);
        await mails.AddIssuedAsync(db, request, certificate, ct);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.RequestIssued, actor, "request", request.Id, certificate.IssuedAt, certificate.SerialNumber.ToString()));
    }

    private static void Pin(PortalUser user, IssuedCertificate certificate)
    {
        if (user.CertificateSubject is { } pinned && pinned != certificate.Subject)
            throw new ServiceException(ErrorKind.Conflict, $"This person's certificates say {pinned}, and keep saying so; this request asks for another subject.");
        user.PinSubject(certificate.Subject);
    }
}
