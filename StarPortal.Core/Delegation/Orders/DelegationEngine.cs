using Microsoft.Extensions.Logging;
using StarPortal.Core.Acme;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>
/// Takes orders from the CSR to the certificate, and what follows: step by step, each written down before the next one. An order is leased while it is worked
/// on, so that several nodes share the work; a node that dies leaves it due again.
/// </summary>
public sealed partial class DelegationEngine(DueOrders due, DelegatedOrderBook book, UpstreamBook upstreams, TimeProvider clock, ILogger<DelegationEngine> logger)
{
    private static readonly Actor Worker = Actor.System("delegation");

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Does what is to be done for an order now; nothing when somebody else is at it.</summary>
    public async Task AdvanceAsync(Guid id, CancellationToken ct)
    {
        if (await due.LeaseAsync(id, ct) is not { } leased) return;
        await using var lease = due.Hold(leased);
        for (DelegatedOrder? order = leased; order is not null; order = await StepAsync(order, ct)) lease.GoOn(order);
    }

    /// <returns>The order, when there is a next step now; else null.</returns>
    private async Task<DelegatedOrder?> StepAsync(DelegatedOrder order, CancellationToken ct)
    {
        switch (order.Status)
        {
            case DelegatedOrderStatus.Ready:
                await FailAsync(order, new UpstreamStep.Refused("It was not finalized in time.", null), ct);
                break;
            case DelegatedOrderStatus.Waiting:
                await FailAsync(order, new UpstreamStep.Refused("Nobody approved it in time.", null), ct);
                break;
            case DelegatedOrderStatus.Processing when order.ExpiresAt <= clock.GetUtcNow():
                await FailAsync(order, new UpstreamStep.Refused("The certificate authority did not issue in time.", order.Detail) { Problem = AcmeProblemType.ServerInternal }, ct);
                break;
            case DelegatedOrderStatus.Canceled:
                return await TryAsync(order, upstream => CancelAsync(upstream, order, ct), ct);
            case DelegatedOrderStatus.Processing or DelegatedOrderStatus.Valid:
                return await TryAsync(order, upstream => AdvanceAsync(upstream, order, ct), ct);
            case DelegatedOrderStatus.Invalid:
                break; // Nothing is due.
        }

        return null;
    }

    private async Task<DelegatedOrder?> AdvanceAsync(IUpstream upstream, DelegatedOrder order, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        switch (await upstream.AdvanceAsync(order, ct))
        {
            case UpstreamStep.Placed { Lifetime: { } life } when life > order.LongestLife:
                await FailAsync(order, new UpstreamStep.Refused(UpstreamReasons.TooLong, $"The certificate authority's certificates are valid for {TimeSpan.FromSeconds(life)} at least, and this delegation allows {TimeSpan.FromSeconds(order.LongestLife.Value)}."), ct);
                return null;
            case UpstreamStep.Placed placed:
                return await SaveAsync(order, seen => seen.Place(placed, now + OrderLease.Length), null, ct) ?? await AbandonAsync(order, placed, ct);
            case UpstreamStep.Waiting waiting:
                await SaveAsync(order, seen => seen.Await(now + waiting.Wait, waiting.Trouble), null, ct);
                return null;
            case UpstreamStep.Again again:
                await SaveAsync(order, seen => seen.TryAgain(now + again.Wait, again.Trouble), book.Record(AuditAction.DelegatedOrderDelayed, Worker, order, again.Trouble), ct);
                return null;
            case UpstreamStep.Over:
                await SaveAsync(order, seen => seen.Rest(), null, ct);
                return null;
            case UpstreamStep.Issued issued:
                var audit = book.Record(AuditAction.DelegatedOrderIssued, Worker, order, $"{DelegatedOrderDecisions.Describe(order)} until {issued.NotAfter:u}");
                return await SaveAsync(order, seen => seen.Complete(issued, now), audit, ct, issued.Rows) is null ? await UndoAsync(order, ct) : null;
            case UpstreamStep.Refused refused:
                await FailAsync(order, refused, ct);
                return null;
            case UpstreamStep.NoGet noGet:
                await SaveAsync(order, seen => seen.FailForGet(noGet.Detail, now), book.Record(AuditAction.DelegatedOrderFailed, Worker, order, noGet.Detail), ct);
                return null;
            case var unknown:
                throw new InvalidOperationException($"{unknown} is no step.");
        }
    }

    private async Task<DelegatedOrder?> CancelAsync(IUpstream upstream, DelegatedOrder order, CancellationToken ct)
    {
        await upstream.CancelAsync(order, ct);
        await SaveAsync(order, seen => seen.EndCancel(), null, ct);
        return null;
    }

    /// <summary>The order was canceled while the CA issued: the CA is told at once.</summary>
    private async Task<DelegatedOrder?> UndoAsync(DelegatedOrder order, CancellationToken ct) =>
        await book.FindAsync(order.Id, ct) is { Status: DelegatedOrderStatus.Canceled } canceled ? await TryAsync(canceled, upstream => CancelAsync(upstream, canceled, ct), ct) : null;

    /// <summary>The order was canceled while Order2 was being placed: nobody will finalize that, and what is pending at the CA runs out there.</summary>
    private async Task<DelegatedOrder?> AbandonAsync(DelegatedOrder order, UpstreamStep.Placed placed, CancellationToken ct)
    {
        LogAbandoned(order.Id, placed.Order);
        return await due.LeaseAsync(order.Id, ct);
    }

    private async Task<DelegatedOrder?> TryAsync(DelegatedOrder order, Func<IUpstream, Task<DelegatedOrder?>> act, CancellationToken ct)
    {
        try
        {
            if (upstreams.Find(order.Upstream) is { } upstream) return await act(upstream);
            await PauseAsync(order, $"The certificate authority '{order.Upstream}' is configured no longer.", null, ct);
        }
#pragma warning disable CA1031 // Whatever went wrong may pass: the order is tried again later, and its owner sees why it waits.
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            var isKnown = error is UpstreamException or ChallengeFailedException;
            if (!isKnown) LogFailed(error, order.Id);
            await PauseAsync(order, isKnown ? error.Message : "Something went wrong here; it has been logged.", (error as UpstreamException)?.RetryAt, ct);
        }
#pragma warning restore CA1031
        return null;
    }

    /// <summary>Longer with each failure, and never before the CA says.</summary>
    private async Task PauseAsync(DelegatedOrder order, string trouble, DateTimeOffset? notBefore, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var again = now + TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 5 * Math.Pow(2, Math.Min(order.Failures, 12))));
        await SaveAsync(order, seen => seen.Await(notBefore > again ? notBefore.Value : again, trouble), null, ct);
    }

    private async Task FailAsync(DelegatedOrder order, UpstreamStep.Refused why, CancellationToken ct) =>
        await SaveAsync(order, seen => seen.Fail(why.Problem, why.Reason, why.Detail, clock.GetUtcNow()), book.Record(AuditAction.DelegatedOrderFailed, Worker, order, $"{why.Reason} {why.Detail}".TrimEnd()), ct);

    private Task<DelegatedOrder?> SaveAsync(DelegatedOrder order, Action<DelegatedOrder> change, AuditRecord? audit, CancellationToken ct, Action<PortalDbContext>? rows = null) =>
        book.TryChangeAsync(order, change, audit, ct, rows is null ? null : (db, _) =>
        {
            rows(db);
            return Task.CompletedTask;
        });

    [LoggerMessage(Level = LogLevel.Warning, Message = "Delegated order {Id} was changed while its order {Placed} was placed at the CA")]
    private partial void LogAbandoned(Guid id, string placed);

    [LoggerMessage(Level = LogLevel.Error, Message = "Delegated order {Id} could not be worked on")]
    private partial void LogFailed(Exception error, Guid id);
}
