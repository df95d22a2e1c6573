using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Delegation;

/// <summary>
/// Takes orders from the CSR to the certificate, and what follows: step by step, each written down before the next one. An order is leased while it is worked
/// on, so that several nodes share the work; a node that dies leaves it due again.
/// </summary>
public sealed partial class DelegationEngine(IDbContextFactory<PortalDbContext> contexts, DelegatedOrderBook book, UpstreamBook upstreams, TimeProvider clock, ILogger<DelegationEngine> logger)
{
    private static readonly Actor Worker = Actor.System("delegation");

    internal static readonly TimeSpan Lease = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>Orders of a CA that something is to be done for, the longest due first.</summary>
    public async Task<IReadOnlyList<Guid>> ListDueAsync(string upstream, int most, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        return await db.DelegatedOrders.AsNoTracking().Where(order => order.Upstream == upstream && order.DueAt <= now).OrderBy(order => order.DueAt).Select(order => order.Id).Take(most).ToListAsync(ct);
    }

    /// <summary>As <see cref="ListDueAsync"/>, for orders whose CA is configured no longer: they end, or say what they wait for.</summary>
    public async Task<IReadOnlyList<Guid>> ListStrayAsync(int most, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var (now, names) = (clock.GetUtcNow(), upstreams.Names);
        return await db.DelegatedOrders.AsNoTracking().Where(order => !names.Contains(order.Upstream) && order.DueAt <= now).OrderBy(order => order.DueAt).Select(order => order.Id).Take(most).ToListAsync(ct);
    }

    /// <summary>Does what is to be done for an order now; nothing when somebody else is at it.</summary>
    public async Task AdvanceAsync(Guid id, CancellationToken ct)
    {
        var order = await LeaseAsync(id, ct);
        while (order is not null) order = await StepAsync(order, ct);
    }

    private async Task<DelegatedOrder?> LeaseAsync(Guid id, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return await book.FindAsync(id, ct) is { } order && order.DueAt <= now ? await book.TryChangeAsync(order, due => due.Lease(now + Lease), null, ct) : null;
    }

    /// <returns>The order, when there is a next step now; else null.</returns>
    private async Task<DelegatedOrder?> StepAsync(DelegatedOrder order, CancellationToken ct)
    {
        switch (order.Status)
        {
            case DelegatedOrderStatus.Ready:
                await FailAsync(order, "It was not finalized in time.", null, ct);
                break;
            case DelegatedOrderStatus.Waiting:
                await FailAsync(order, "Nobody approved it in time.", null, ct);
                break;
            case DelegatedOrderStatus.Processing when order.ExpiresAt <= clock.GetUtcNow():
                await FailAsync(order, "The certificate authority did not issue in time.", order.Detail, ct);
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
            case UpstreamStep.Placed placed:
                return await SaveAsync(order, due => due.Place(placed, now + Lease), null, ct) ?? await AbandonAsync(order, placed, ct);
            case UpstreamStep.Waiting waiting:
                await SaveAsync(order, due => due.Await(now + waiting.Wait, waiting.Trouble), null, ct);
                return null;
            case UpstreamStep.Again again:
                await SaveAsync(order, due => due.TryAgain(now + again.Wait, again.Trouble), book.Record(AuditAction.DelegatedOrderDelayed, Worker, order, again.Trouble), ct);
                return null;
            case UpstreamStep.Over:
                await SaveAsync(order, due => due.Rest(), null, ct);
                return null;
            case UpstreamStep.Issued issued:
                var audit = book.Record(AuditAction.DelegatedOrderIssued, Worker, order, $"{DelegatedOrderDecisions.Describe(order)} until {issued.NotAfter:u}");
                return await SaveAsync(order, due => due.Complete(issued, now), audit, ct, issued.Rows) is null ? await UndoAsync(order, ct) : null;
            case UpstreamStep.Refused refused:
                await FailAsync(order, refused.Reason, refused.Detail, ct);
                return null;
            case UpstreamStep.NoGet noGet:
                await SaveAsync(order, due => due.FailForGet(noGet.Detail, now), book.Record(AuditAction.DelegatedOrderFailed, Worker, order, noGet.Detail), ct);
                return null;
            case var unknown:
                throw new InvalidOperationException($"{unknown} is no step.");
        }
    }

    private async Task<DelegatedOrder?> CancelAsync(IUpstream upstream, DelegatedOrder order, CancellationToken ct)
    {
        await upstream.CancelAsync(order, ct);
        await SaveAsync(order, due => due.EndCancel(), null, ct);
        return null;
    }

    /// <summary>The order was canceled while the CA issued: the CA is told at once.</summary>
    private async Task<DelegatedOrder?> UndoAsync(DelegatedOrder order, CancellationToken ct) =>
        await book.FindAsync(order.Id, ct) is { Status: DelegatedOrderStatus.Canceled } canceled ? await TryAsync(canceled, upstream => CancelAsync(upstream, canceled, ct), ct) : null;

    /// <summary>The order was canceled while Order2 was being placed: nobody will finalize that, and what is pending at the CA runs out there.</summary>
    private async Task<DelegatedOrder?> AbandonAsync(DelegatedOrder order, UpstreamStep.Placed placed, CancellationToken ct)
    {
        LogAbandoned(order.Id, placed.Order);
        return await LeaseAsync(order.Id, ct);
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
        await SaveAsync(order, due => due.Await(notBefore > again ? notBefore.Value : again, trouble), null, ct);
    }

    private async Task FailAsync(DelegatedOrder order, string reason, string? detail, CancellationToken ct) =>
        await SaveAsync(order, due => due.Fail(reason, detail, clock.GetUtcNow()), book.Record(AuditAction.DelegatedOrderFailed, Worker, order, $"{reason} {detail}".TrimEnd()), ct);

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
