using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Enrollment;

/// <summary>Where a request is, for the person who waits.</summary>
public sealed class RequestTracker(IDbContextFactory<PortalDbContext> contexts, IOptions<EnrollmentOptions> options, TimeProvider clock)
{
    /// <summary>Fewer decisions say nothing.</summary>
    private const int EnoughDecisions = 3;

    private const int DecisionsLookedAt = 100;

    /// <exception cref="ServiceException">NotFound.</exception>
    public async Task<RequestTrack> GetAsync(Guid id, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var request = await db.EnrollmentRequests.AsNoTracking().Include(found => found.Messages).AsSplitQuery().SingleOrDefaultAsync(found => found.Id == id, ct)
            ?? throw RequestErrors.NotFound();
        var organisation = await db.Organisations.Where(found => found.Id == request.OrganisationId).Select(found => found.Name).SingleAsync(ct);
        var wait = request.IsDecidable ? await TypicalWaitAsync(db, request.OrganisationId, ct) : null;
        return Track(request, organisation, wait, actor.Id == request.UserId, clock.GetUtcNow());
    }

    /// <returns>A number that changes with the request: what the page asks for to know whether to show itself anew.</returns>
    /// <exception cref="ServiceException">NotFound.</exception>
    public async Task<int> GetVersionAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await db.EnrollmentRequests.Where(request => request.Id == id).Select(request => (int?)request.Version).SingleOrDefaultAsync(ct) ?? throw RequestErrors.NotFound();
    }

    private RequestTrack Track(EnrollmentRequest request, string organisation, TimeSpan? wait, bool isOwner, DateTimeOffset now) => new()
    {
        Id = request.Id,
        Status = request.Status,
        FullName = request.FullName,
        Email = isOwner ? request.Email : Mask(request.Email),
        Organisation = organisation,
        Subject = request.Subject,
        KeySource = request.KeySource,
        Steps = TrackSteps.Of(request, organisation),
        Messages = [.. request.Messages.OrderBy(message => message.At).ThenBy(message => message.Kind).Select(message => new TrackMessage(message.Kind, message.Text, message.At))],
        IsClaimed = request.IsDecidable && request.ClaimedBy is not null,
        IsOwner = isOwner,
        TypicalWait = wait,
        CanNudge = request.Status is RequestStatus.AwaitingDecision,
        NudgeAgainAt = request.NudgedAt + EnrollmentRequest.NudgeInterval is { } again && again > now ? again : null,
        CanWithdraw = request.Status is RequestStatus.AwaitingConfirmation || request.IsDecidable,
        ExpiresAt = request.Status is RequestStatus.AwaitingConfirmation ? request.SubmittedAt + options.Value.ConfirmationTime : null,
        RejectionCode = request.RejectionCode,
        RejectionText = request.RejectionText,
        WasConfirmed = request.ConfirmedAt is not null,
        LastChangedAt = request.LastChangedAt,
        Version = request.Version,
    };

    private async Task<TimeSpan?> TypicalWaitAsync(PortalDbContext db, Guid organisationId, CancellationToken ct)
    {
        var since = clock.GetUtcNow() - TimeSpan.FromDays(365);
        var decided = await db.EnrollmentRequests.AsNoTracking()
            .Where(request => request.OrganisationId == organisationId && request.DecidedAt != null && request.LastChangedAt > since)
            .OrderByDescending(request => request.LastChangedAt).Take(DecisionsLookedAt)
            .Select(request => new { request.WaitingSince, request.DecidedAt }).ToListAsync(ct);
        if (decided.Count < EnoughDecisions) return null;
        var waits = decided.Select(request => request.DecidedAt!.Value - request.WaitingSince).Order().ToList();
        return waits[waits.Count / 2];
    }

    /// <summary><c>a•••@example.org</c>: enough to recognise one's own.</summary>
    internal static string Mask(string email)
    {
        var at = email.LastIndexOf('@');
        return at < 1 ? "•••" : $"{email[0]}•••{email[at..]}";
    }
}
