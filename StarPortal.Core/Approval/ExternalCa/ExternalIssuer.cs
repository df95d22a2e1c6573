using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>Goes on with a certificate from outside as if our own CA had issued it.</summary>
public sealed class ExternalIssuer(ExternalAuthority external, RequestIssuer issuer, RequestCompletion completion)
{
    /// <summary>Adds all of it to the caller's unit of work; the certificate is checked here, whoever calls.</summary>
    /// <exception cref="ServiceException">The request does not wait for it, it is not what was asked for, or what was approved can't be issued any more.</exception>
    internal async Task AddAsync(PortalDbContext db, EnrollmentRequest request, byte[] der, Actor actor, CancellationToken ct)
    {
        if (!request.IsWithCa) throw CaMailErrors.NotWaiting();
        var user = await issuer.RequireIssuableAsync(db, request, ct);
        if (user.IsLockedByAdministrator) throw CaMailErrors.AccountLocked();
        var certificate = external.Accept(db, request.ToIssuanceOrder(), der, actor);
        await completion.AddAsync(db, request, user, certificate, actor, ct);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.CaAnswerTaken, actor, "request", request.Id, certificate.IssuedAt, certificate.SerialNumber.ToString()));
    }
}
