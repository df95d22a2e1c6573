using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Core.Enrollment;

/// <summary>How much waits for officers.</summary>
/// <param name="Waiting">Requests to be decided.</param>
/// <param name="OnHold">Requests whose requester was asked something.</param>
/// <param name="OldestSince">Since when the longest waiting request waits, without its time on hold; null when none does.</param>
public sealed record BacklogState(int Waiting, int OnHold, DateTimeOffset? OldestSince);

/// <summary>Requests that are on their way, in numbers: for the status page and metrics.</summary>
public sealed class RequestBacklog(IDbContextFactory<PortalDbContext> contexts)
{
    public async Task<BacklogState> ReadAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var waiting = db.EnrollmentRequests.Where(request => request.Status == RequestStatus.AwaitingDecision);
        return new(
            await waiting.CountAsync(ct),
            await db.EnrollmentRequests.CountAsync(request => request.Status == RequestStatus.OnHold, ct),
            await waiting.OrderBy(request => request.WaitingSince).Select(request => (DateTimeOffset?)request.WaitingSince).FirstOrDefaultAsync(ct));
    }
}
