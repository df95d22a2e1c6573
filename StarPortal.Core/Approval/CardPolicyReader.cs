using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Approval;

/// <summary>Who has done what with a request so far, by name.</summary>
public sealed class CardPolicyReader(IOptions<ApprovalOptions> options, TimeProvider clock)
{
    public async Task<CardPolicy> ReadAsync(PortalDbContext db, EnrollmentRequest request, Actor officer, CancellationToken ct)
    {
        var decisions = db.Decisions.AsNoTracking();
        var votes = await decisions.Where(decision => decision.RequestId == request.Id && decision.Round == request.Round).OrderBy(decision => decision.Number).ToListAsync(ct);
        var claimCounts = request.ClaimedAt + options.Value.ClaimLapsesAfter > clock.GetUtcNow();
        return new(
            options.Value.OfficersFor(request.Profile),
            [.. votes.Select(vote => new CardVote(vote.OfficerName, vote.Verdict, vote.At))],
            claimCounts ? await NameOfAsync(db, request.ClaimedBy, ct) : null,
            claimCounts && request.ClaimedBy == officer.Id,
            votes.Find(vote => vote.OfficerId == request.DecidedBy)?.OfficerName ?? await NameOfAsync(db, request.DecidedBy, ct));
    }

    /// <summary>Questions and answers in their order, with user names; the request's messages are loaded.</summary>
    public static async Task<IReadOnlyList<CardMessage>> ReadThreadAsync(PortalDbContext db, EnrollmentRequest request, CancellationToken ct)
    {
        var authors = request.Messages.Select(message => message.AuthorId).Distinct().ToList();
        var names = await db.Users.AsNoTracking().Where(user => authors.Contains(user.Id)).ToDictionaryAsync(user => user.Id, user => user.UserName!, ct);
        return [.. request.Messages.OrderBy(message => message.At)
            .Select(message => new CardMessage(message.Kind, names.GetValueOrDefault(message.AuthorId, request.UserName), message.Text, message.At))];
    }

    private static async Task<string?> NameOfAsync(PortalDbContext db, Guid? userId, CancellationToken ct) =>
        userId is null ? null : await db.Users.AsNoTracking().Where(user => user.Id == userId).Select(user => user.UserName).SingleOrDefaultAsync(ct);
}
