using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>Puts everything that an approved request becomes into one unit of work: its certificate and what follows, or the mail to the CA outside that signs it.</summary>
public sealed class RequestIssuer(CertificateAuthority authority, ExternalAuthority external, IssuingConditions conditions, RequestCompletion completion, CaRequests caRequests)
{
    /// <returns>False when there is nothing to do: issued already, sent to the CA, or returned to the officers since.</returns>
    /// <exception cref="ServiceException">What the officers approved can't be issued as things stand now.</exception>
    public async Task<bool> AddAsync(PortalDbContext db, IssueApproved approved, CancellationToken ct)
    {
        var requests = db.EnrollmentRequests;
        var request = await requests.SingleAsync(candidate => candidate.Id == approved.RequestId, ct);
        if (request.Status is not RequestStatus.Approved || request.Round != approved.Round || request.IsWithCa) return false;

        var actor = Actor.System(IssueApproved.Kind);
        var user = await RequireIssuableAsync(db, request, ct);
        if (external.Signs(request.Profile))
        {
            caRequests.Add(db, request, actor);
            return true;
        }

        var certificate = authority.Issue(db, request.ToIssuanceOrder(), actor);
        await completion.AddAsync(db, request, user, certificate, actor, ct);
        return true;
    }

    /// <summary>Whether what was true when it was asked for and approved still is.</summary>
    /// <exception cref="ServiceException">Conflict.</exception>
    internal async Task<PortalUser> RequireIssuableAsync(PortalDbContext db, EnrollmentRequest request, CancellationToken ct)
    {
        var user = await db.Users.SingleOrDefaultAsync(candidate => candidate.Id == request.UserId, ct);
        var blocking = (await conditions.CheckAsync(db, request, ct)).Where(finding => finding.Severity is FindingSeverity.Block).ToList();
        return user is null || blocking.Count > 0 ? throw ApprovalErrors.Blocked(blocking) : user;
    }
}
