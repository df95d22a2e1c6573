using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>How much waits for officers.</summary>
/// <param name="Waiting">Requests to be decided.</param>
/// <param name="OnHold">Requests whose requester was asked something.</param>
/// <param name="OldestSince">Since when the longest waiting request waits, without its time on hold; null when none does.</param>
public sealed record BacklogState(int Waiting, int OnHold, DateTimeOffset? OldestSince);

/// <summary>A request of a person that has not ended.</summary>
public sealed record OpenRequest(Guid Id, RequestStatus Status, DateTimeOffset SubmittedAt);

/// <summary>Requests that are on their way: in numbers for the status page and metrics, one by one for the person who made them.</summary>
public sealed class RequestBacklog(IDbContextFactory<PortalDbContext> contexts)
{
    private static readonly RequestStatus[] Open = [RequestStatus.AwaitingConfirmation, RequestStatus.AwaitingDecision, RequestStatus.OnHold, RequestStatus.Approved];

    public async Task<BacklogState> ReadAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var waiting = db.EnrollmentRequests.Where(request => request.Status == RequestStatus.AwaitingDecision);
        return new(
            await waiting.CountAsync(ct),
            await db.EnrollmentRequests.CountAsync(request => request.Status == RequestStatus.OnHold, ct),
            await waiting.OrderBy(request => request.WaitingSince).Select(request => (DateTimeOffset?)request.WaitingSince).FirstOrDefaultAsync(ct));
    }

    /// <returns>The person's own, the newest first; none for visitors.</returns>
    public async Task<IReadOnlyList<OpenRequest>> ListOpenAsync(Actor person, CancellationToken ct)
    {
        if (person.Id is not { } id) return [];
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.EnrollmentRequests.Where(request => request.UserId == id && Open.Contains(request.Status))
            .OrderByDescending(request => request.SubmittedAt).Select(request => new OpenRequest(request.Id, request.Status, request.SubmittedAt)).ToListAsync(ct);
    }
}
