using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// Waiting requests whose only decider is who asks: the first administrator's own, for instance. Whoever is appointed then learns of them by the next
/// reminder; until then an administrator has to be told.
/// </summary>
public sealed class RequestsNobodyMayDecide(IDbContextFactory<PortalDbContext> contexts, OfficerDirectory officers)
{
    private const int Most = 50;

    /// <returns>Full names of who asks.</returns>
    public async Task<IReadOnlyList<string>> ReadAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var grants = db.RoleGrants;
        var own = await db.EnrollmentRequests.AsNoTracking()
            .Where(request => request.Status == RequestStatus.AwaitingDecision
                && grants.Any(grant => grant.UserId == request.UserId && (grant.Role == PortalRole.Officer || grant.Role == PortalRole.Administrator)))
            .OrderBy(request => request.WaitingSince).Take(Most).Select(request => new { request.OrganisationId, request.UserId, request.FullName }).ToListAsync(ct);
        List<string> names = [];
        foreach (var request in own)
            if ((await officers.FindForAsync(request.OrganisationId, request.UserId, atLeast: 1, ct)).Count == 0) names.Add(request.FullName);
        return names;
    }
}
