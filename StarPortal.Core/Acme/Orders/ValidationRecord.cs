using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Writes down what came of an attempt; when all is over, also for the orders that rest on the authorization, so that lists need not ask for each.</summary>
public sealed class ValidationRecord(IDbContextFactory<PortalDbContext> contexts, OrderStore store, OrderShelf shelf, AcmeLimits limits, ValidationRetry retry)
{
    private const int MostOrders = 500;

    private static readonly Actor Validator = Actor.System("acme-validation");

    /// <summary>Unless the authorization was changed meanwhile.</summary>
    public async Task WriteAsync(LeasedAttempt attempt, ChallengeType type, ValidationOutcome outcome, CancellationToken ct)
    {
        var now = retry.Now;
        var (id, detail) = (attempt.Authorization.Id, $"{attempt.Authorization.Identifier.Value} by {type.Token}");
        if (outcome.IsValid)
        {
            await ChangeAsync(attempt, authorization => authorization.Succeed(outcome.Trace, retry.ValidFor, now),
                rows => rows.Insert(AuditRecord.Of(AuditAction.AcmeAuthorizationValid, Validator, "authorization", id, now, detail)));
            return;
        }

        limits.Count(AcmeLimitKind.FailedValidations, ValidationBacklog.FailureKeyOf(attempt.Authorization));
        var again = retry.NextAfter(attempt.Authorization.Attempts + 1, now);
        var written = await ChangeAsync(
            attempt,
            authorization => authorization.Fail(outcome.Problem ?? AcmeProblemType.Unauthorized, outcome.Detail, outcome.Trace, again),
            again is not null ? null : rows => rows.Insert(AuditRecord.Of(AuditAction.AcmeAuthorizationInvalid, Validator, "authorization", id, now, $"{detail}: {outcome.Detail}")));
        if (written is not null && again is null) await FailOrdersAsync(written, now, ct);
    }

    /// <summary>Together with the choice that the attempt is for, if that is not on record yet.</summary>
    private async Task<AcmeAuthorization?> ChangeAsync(LeasedAttempt attempt, Action<AcmeAuthorization> change, Action<RowBatch>? also)
    {
        if (attempt.Choice is not { } choice) return await store.ChangeAsync(attempt.Authorization, change, also);
        if (choice.TryTake()) return await choice.SaveAsync(store, change, also);
        return await choice.Saved is { } saved ? await store.ChangeAsync(saved, change, also) : null;
    }

    /// <summary>RFC 8555 7.1.6: they are invalid from now on, which their status says anyway; an order that is missed here says so too.</summary>
    private async Task FailOrdersAsync(AcmeAuthorization failed, DateTimeOffset now, CancellationToken ct)
    {
        var id = failed.Id.ToString("N");
        await using var db = await contexts.CreateDbContextAsync(ct);
        var resting = await db.AcmeOrders.AsNoTracking().Where(order => order.AccountId == failed.AccountId && order.CreatedAt >= failed.CreatedAt
            && order.Status == AcmeOrderStatus.Pending && order.Authorizations.Contains(id)).Take(MostOrders).ToListAsync(ct);
        foreach (var order in resting)
        {
            var view = OrderView.At(now, order, await shelf.AuthorizationsOfAsync(order, ct));
            if (view.Status is AcmeOrderStatus.Invalid) await store.FailAsync(view, now);
        }
    }
}
