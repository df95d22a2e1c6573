using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;

namespace StarPortal.Core.Renewal;

/// <summary>
/// Whether anybody has lately said that a person is one of ours: an officer who answered, an officer who approved a request, or whoever made the account. This clock is not the
/// certificates'.
/// </summary>
internal static class EntitlementRules
{
    /// <summary>Those of whom nobody has said it since.</summary>
    public static IQueryable<PortalUser> NotConfirmedSince(PortalDbContext db, IQueryable<PortalUser> users, DateTimeOffset since)
    {
        var (requests, answers) = (db.EnrollmentRequests, db.Entitlements);
        return users.Where(user => user.CreatedAt < since && !requests.Any(request => request.UserId == user.Id && request.IssuedAt >= since)
            && !answers.Any(answer => answer.UserId == user.Id && answer.ConfirmedAt >= since));
    }

    public static Task<bool> IsDueAsync(PortalDbContext db, Guid userId, TimeSpan? interval, DateTimeOffset now, CancellationToken ct) =>
        interval is null ? Task.FromResult(false) : NotConfirmedSince(db, db.Users.AsNoTracking().Where(user => user.Id == userId), now - interval.Value).AnyAsync(ct);
}
