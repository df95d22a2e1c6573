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
    public async Task WriteAsync(AcmeAuthorization leased, ChallengeType type, ValidationOutcome outcome, CancellationToken ct)
    {
        var now = retry.Now;
        var detail = $"{leased.Identifier.Value} by {type.Token}";
        if (outcome.IsValid)
        {
            await store.ChangeAsync(leased, authorization => authorization.Succeed(outcome.Trace, retry.ValidFor, now),
                rows => rows.Insert(AuditRecord.Of(AuditAction.AcmeAuthorizationValid, Validator, "authorization", leased.Id, now, detail)));
            return;
        }

        limits.Count(AcmeLimitKind.FailedValidations, ValidationBacklog.FailureKeyOf(leased));
        var again = retry.NextAfter(leased.Attempts + 1, now);
        var written = await store.ChangeAsync(
            leased,
            authorization => authorization.Fail(outcome.Problem ?? AcmeProblemType.Unauthorized, outcome.Detail, outcome.Trace, again),
            again is not null ? null : rows => rows.Insert(AuditRecord.Of(AuditAction.AcmeAuthorizationInvalid, Validator, "authorization", leased.Id, now, $"{detail}: {outcome.Detail}")));
        if (written is not null && again is null) await FailOrdersAsync(written, now, ct);
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
