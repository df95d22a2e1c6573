using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>
/// Who may see and who may decide a request: the one place. Officers (deputies among them) of its organisation do both; administrators see
/// everything and decide what was escalated to them or what nobody else can. Nobody decides for themselves.
/// </summary>
public sealed class DecisionRights(OfficerDirectory directory, IOptions<ApprovalOptions> options)
{
    /// <exception cref="ServiceException">Unauthenticated, or Forbidden without the role or the second factor.</exception>
    public static void RequireOfficer(Actor actor)
    {
        actor.RequireSignedIn();
        if (!actor.Is(PortalRole.Officer) && !actor.Is(PortalRole.Administrator)) throw ApprovalErrors.NotAnOfficer();
        if (!actor.HasSecondFactor) throw ApprovalErrors.NeedsSecondFactor();
    }

    /// <summary>Organisations whose requests the actor sees; null: all of them.</summary>
    public static IReadOnlyList<Guid>? ScopeOf(Actor actor)
    {
        var grants = actor.Grants.Where(grant => grant.Role is PortalRole.Officer).ToList();
        return actor.IsAdministrator || grants.Exists(grant => grant.OrganisationId is null)
            ? null
            : [.. grants.Select(grant => grant.OrganisationId!.Value).Distinct()];
    }

    public static bool MaySee(Actor actor, Guid organisationId) => actor.IsAdministrator || actor.IsOfficerOf(organisationId);

    /// <returns>Why the actor may not decide this request; null: may.</returns>
    public async Task<ServiceException?> FindObstacleAsync(PortalDbContext db, EnrollmentRequest request, Actor actor, CancellationToken ct)
    {
        if (await IsOwnAsync(db, request, actor, ct)) return ApprovalErrors.OwnRequest();
        if (actor.IsOfficerOf(request.OrganisationId) || request.EscalatedTo is EscalationStep.Administrators) return null;
        var contacts = await directory.FindForAsync(request.OrganisationId, request.UserId, options.Value.OfficersFor(request.Profile), ct);
        return contacts.Any(contact => contact.IsEscalation) ? null : ApprovalErrors.NotYetEscalated();
    }

    /// <summary>By account, and by e-mail address: a second account of the same person is no second person.</summary>
    internal static async Task<bool> IsOwnAsync(PortalDbContext db, EnrollmentRequest request, Actor actor, CancellationToken ct)
    {
        if (actor.Id == request.UserId) return true;
        var email = await db.Users.AsNoTracking().Where(user => user.Id == actor.Id).Select(user => user.Email).SingleOrDefaultAsync(ct);
        return string.Equals(email, request.Email, StringComparison.OrdinalIgnoreCase);
    }
}
