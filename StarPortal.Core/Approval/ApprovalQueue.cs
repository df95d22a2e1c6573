using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>
/// The one trustworthy list of what is to be decided: the same question gives the counts, the rows and the next request, and shows what
/// the decision page would let the actor see, no more and no less.
/// </summary>
#pragma warning disable CA1711 // The field's word; nobody takes it for a collection.
public sealed class ApprovalQueue(IDbContextFactory<PortalDbContext> contexts, IOptions<ApprovalOptions> options, TimeProvider clock)
#pragma warning restore CA1711
{
    /// <exception cref="ServiceException">Unauthenticated, or Forbidden without role or second factor.</exception>
    public async Task<QueueList> ReadAsync(QueueFilter filter, Actor actor, CancellationToken ct)
    {
        DecisionRights.RequireOfficer(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var seen = Seen(db, actor);
        var found = Narrow(Of(seen, filter.View, actor, now), filter, now);
        var total = await found.CountAsync(ct);
        var organisations = await OrganisationsAsync(db, actor, ct);
        return new(await RowsAsync(db, found, filter, actor, now, organisations, ct), total, await CountAsync(seen, actor, now, ct), organisations);
    }

    /// <summary>How many requests wait for this actor: the number beside the menu entry. 0 for those who decide nothing.</summary>
    public async Task<int> CountWaitingAsync(Actor actor, CancellationToken ct)
    {
        if (actor.Id is null || (!actor.Is(PortalRole.Officer) && !actor.Is(PortalRole.Administrator))) return 0;
        await using var db = await contexts.CreateDbContextAsync(ct);
        return await Of(Seen(db, actor), QueueView.Waiting, actor, clock.GetUtcNow()).CountAsync(ct);
    }

    /// <returns>What has waited longest and is neither the actor's own, nor voted on by the actor, nor in somebody else's hands; null: nothing.</returns>
    public async Task<Guid?> FindNextAsync(Actor actor, CancellationToken ct)
    {
        DecisionRights.RequireOfficer(actor);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (now, decisions) = (clock.GetUtcNow(), db.Decisions);
        var counts = now - options.Value.ClaimLapsesAfter;
        return await Of(Seen(db, actor), QueueView.Waiting, actor, now)
            .Where(request => request.UserId != actor.Id && (request.ClaimedBy == null || request.ClaimedBy == actor.Id || request.ClaimedAt <= counts)
                && !decisions.Any(decision => decision.RequestId == request.Id && decision.Round == request.Round && decision.OfficerId == actor.Id))
            .OrderBy(request => request.WaitingSince).Select(request => (Guid?)request.Id).FirstOrDefaultAsync(ct);
    }

    /// <summary>What the actor may see, of requests that officers have to do with.</summary>
    private static IQueryable<EnrollmentRequest> Seen(PortalDbContext db, Actor actor)
    {
        var requests = db.EnrollmentRequests.AsNoTracking().Where(request => request.ConfirmedAt != null);
        return DecisionRights.ScopeOf(actor) is { } scope ? requests.Where(request => scope.Contains(request.OrganisationId)) : requests;
    }

    private IQueryable<EnrollmentRequest> Of(IQueryable<EnrollmentRequest> seen, QueueView view, Actor actor, DateTimeOffset now)
    {
        var statuses = QueueFilter.StatusesOf(view);
        var counts = now - options.Value.ClaimLapsesAfter;
        var found = statuses is [var only] ? seen.Where(request => request.Status == only) : seen.Where(request => statuses.Contains(request.Status));
        return view switch
        {
            QueueView.Mine => found.Where(request => request.ClaimedBy == actor.Id && request.ClaimedAt > counts),
            QueueView.Unclaimed => found.Where(request => request.ClaimedBy == null || request.ClaimedAt <= counts),
            QueueView.Waiting or QueueView.OnHold or QueueView.Approved or QueueView.Issued or QueueView.Rejected or QueueView.Ended => found,
        };
    }

    private IQueryable<EnrollmentRequest> Narrow(IQueryable<EnrollmentRequest> found, QueueFilter filter, DateTimeOffset now)
    {
        if (filter.OrganisationId is { } organisation) found = found.Where(request => request.OrganisationId == organisation);
        if (ThresholdOf(filter.Age) is { } age)
        {
            var before = now - age;
            found = found.Where(request => request.WaitingSince < before);
        }

        if (filter.Text?.Trim().ToLowerInvariant() is not { Length: > 0 } text) return found;
        return found.Where(request => request.FullName.ToLower().Contains(text) || request.UserName.ToLower().Contains(text)
            || request.Email.ToLower().Contains(text) || request.Subject.ToLower().Contains(text));
    }

    private async Task<List<QueueRow>> RowsAsync(
        PortalDbContext db, IQueryable<EnrollmentRequest> found, QueueFilter filter, Actor actor, DateTimeOffset now, IReadOnlyList<QueueOrganisation> organisations, CancellationToken ct)
    {
        var (users, decisions) = (db.Users, db.Decisions);
        var isWork = filter.View is QueueView.Waiting or QueueView.Mine or QueueView.Unclaimed or QueueView.OnHold;
        var ordered = isWork ? found.OrderBy(request => request.WaitingSince) : found.OrderByDescending(request => request.LastChangedAt);
        var rows = await ordered.ThenBy(request => request.Id).Skip((Math.Max(1, filter.Page) - 1) * QueueFilter.PageSize).Take(QueueFilter.PageSize).Select(request => new
        {
            request.Id, request.FullName, request.UserName, request.Email, request.OrganisationId, request.Profile, request.Status, request.WaitingSince, request.HeldAt,
            request.DecidedAt, request.ClaimedBy, request.ClaimedAt, request.NudgedAt, request.IssueProblem, request.IsOpen, request.Kind,
            Claimer = users.Where(user => user.Id == request.ClaimedBy).Select(user => user.UserName).FirstOrDefault(),
            Votes = decisions.Count(decision => decision.RequestId == request.Id && decision.Round == request.Round && decision.Verdict == Verdict.Approve),
        }).ToListAsync(ct);
        var names = organisations.ToDictionary(organisation => organisation.Id, organisation => organisation.Name);
        return [.. rows.Select(row =>
        {
            var waited = (row.HeldAt ?? row.DecidedAt ?? now) - row.WaitingSince;
            var isClaimed = row.ClaimedAt + options.Value.ClaimLapsesAfter > now;
            return new QueueRow(
                row.Id, row.FullName, row.UserName, row.Email, names.GetValueOrDefault(row.OrganisationId, ""), row.Profile, row.Status, row.WaitingSince, waited, AgeOf(waited),
                row.Votes, options.Value.OfficersFor(row.Profile), isClaimed ? row.Claimer : null, isClaimed && row.ClaimedBy == actor.Id,
                row.NudgedAt is not null, row.IssueProblem is not null, row.Kind);
        })];
    }

    private async Task<IReadOnlyDictionary<QueueView, int>> CountAsync(IQueryable<EnrollmentRequest> seen, Actor actor, DateTimeOffset now, CancellationToken ct)
    {
        var byStatus = await seen.GroupBy(request => request.Status).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, ct);
        var counts = Enum.GetValues<QueueView>().ToDictionary(view => view, view => QueueFilter.StatusesOf(view).Sum(status => byStatus.GetValueOrDefault(status)));
        counts[QueueView.Mine] = await Of(seen, QueueView.Mine, actor, now).CountAsync(ct);
        counts[QueueView.Unclaimed] = await Of(seen, QueueView.Unclaimed, actor, now).CountAsync(ct);
        return counts;
    }

    private static async Task<List<QueueOrganisation>> OrganisationsAsync(PortalDbContext db, Actor actor, CancellationToken ct)
    {
        var organisations = db.Organisations.AsNoTracking();
        if (DecisionRights.ScopeOf(actor) is { } scope) organisations = organisations.Where(organisation => scope.Contains(organisation.Id));
        return await organisations.OrderBy(organisation => organisation.Name).Select(organisation => new QueueOrganisation(organisation.Id, organisation.Name)).ToListAsync(ct);
    }

    private QueueAge AgeOf(TimeSpan waited) => waited > options.Value.BreachAfter ? QueueAge.Late : waited > options.Value.WarnAfter ? QueueAge.Warning : QueueAge.Any;

    private TimeSpan? ThresholdOf(QueueAge age) => age switch
    {
        QueueAge.Any => null,
        QueueAge.Warning => options.Value.WarnAfter,
        QueueAge.Late => options.Value.BreachAfter,
    };
}
