using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Enrollment;

/// <summary>
/// Whether somebody else was faster. A lost race shows as a concurrency error or as a unique index (of a mail, of a vote) that says no, whichever
/// statement the database comes to first; what is common to both is that the request has moved on.
/// </summary>
internal static class RequestVersions
{
    /// <param name="contexts">For a look that is not clouded by what <paramref name="db"/> holds.</param>
    /// <param name="db">The unit of work that could not be saved, or whose act was refused.</param>
    /// <param name="request">As that unit of work loaded it.</param>
    /// <param name="ct">Cancels.</param>
    public static async Task<bool> HasMovedOnAsync(this IDbContextFactory<PortalDbContext> contexts, PortalDbContext db, EnrollmentRequest request, CancellationToken ct)
    {
        var version = db.Entry(request).Property(loaded => loaded.Version).OriginalValue;
        await using var now = await contexts.CreateDbContextAsync(ct);
        return await now.EnrollmentRequests.Where(found => found.Id == request.Id).Select(found => (int?)found.Version).SingleOrDefaultAsync(ct) != version;
    }
}
