using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Approval;

/// <summary>
/// Looks again at what was checked when the request was made, as it stands now: the decision card shows it, approving and issuing insist on it.
/// </summary>
public sealed class IssuingConditions(CertificateAuthority authority)
{
    public const string AccountGone = "account.gone";
    public const string OrganisationClosed = "organisation.closed";

    /// <summary>Lint of the certificate as it would be issued, the key policy, the key's other owners, the organisation and the account.</summary>
    public async Task<IReadOnlyList<Finding>> CheckAsync(PortalDbContext db, EnrollmentRequest request, CancellationToken ct)
    {
        var findings = (await authority.CheckAsync(request.ToIssuanceOrder(), ct)).ToList();
        if (!await db.Users.AsNoTracking().AnyAsync(user => user.Id == request.UserId, ct))
            findings.Add(new(AccountGone, FindingSeverity.Block, "The account that asked no longer exists."));
        if (!await db.Organisations.AsNoTracking().AnyAsync(organisation => organisation.Id == request.OrganisationId && organisation.IsOpen, ct))
            findings.Add(new(OrganisationClosed, FindingSeverity.Block, "The organisation takes no requests any more."));
        return [.. findings.OrderBy(finding => finding.Severity)];
    }
}
