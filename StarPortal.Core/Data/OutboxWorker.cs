using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Data;

/// <summary>
/// Takes due items of a kind under a lease (so that one node at a time works on an item, and a node that dies loses it after
/// <see cref="OutboxDispatcher.Lease"/>), calls the handler, marks the item done, schedules the next attempt or gives it up.
/// </summary>
public sealed partial class OutboxWorker(
    IDbContextFactory<PortalDbContext> contexts,
    IEnumerable<IOutboxHandler> handlers,
    IOptions<PortalOptions> portal,
    TimeProvider clock,
    ILogger<OutboxWorker> logger)
{
    /// <summary>A handler that takes longer is stopped, well before its lease runs out.</summary>
    private static readonly TimeSpan Limit = OutboxDispatcher.Lease * 0.75;

    private readonly string node = $"{Environment.MachineName}:{portal.Value.HttpsPort}";

    private readonly Dictionary<string, IOutboxHandler> handlersByKind = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> gates = new(StringComparer.Ordinal);

    internal async Task<IReadOnlyList<string>> FindDueKindsAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        return await db.Outbox.Where(item => item.Status == OutboxStatus.Pending && item.DueAt <= now).Select(item => item.Kind).Distinct().ToListAsync(ct);
    }

    /// <summary>Handles the due items of one kind; within this process nobody else works on that kind meanwhile.</summary>
    internal async Task<int> DispatchAsync(string kind, CancellationToken ct)
    {
        var gate = gates.GetOrAdd(kind, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(ct);
        try
        {
            var handled = 0;
            foreach (var id in await FindDueAsync(kind, ct))
            {
                if (!await TryLeaseAsync(id, ct)) continue;
                await HandleAsync(id, ct);
                handled++;
            }

            return handled;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>What this node was working on when it died need not wait for the lease to run out.</summary>
    internal async Task ReleaseOwnLeasesAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        await db.Outbox.Where(item => item.LeasedBy == node && item.Status == OutboxStatus.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.DueAt, now).SetProperty(item => item.LeasedBy, (string?)null), ct);
    }

    private async Task<List<Guid>> FindDueAsync(string kind, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        return await db.Outbox.Where(item => item.Kind == kind && item.Status == OutboxStatus.Pending && item.DueAt <= now)
            .OrderBy(item => item.DueAt).Select(item => item.Id).Take(50).ToListAsync(ct);
    }

    private async Task<bool> TryLeaseAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var until = now + OutboxDispatcher.Lease;
        return await db.Outbox.Where(item => item.Id == id && item.Status == OutboxStatus.Pending && item.DueAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.DueAt, until).SetProperty(item => item.LeasedBy, node), ct) == 1;
    }

    private async Task HandleAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var item = await db.Outbox.SingleAsync(candidate => candidate.Id == id, ct);
        var handler = handlersByKind.GetValueOrDefault(item.Kind);
        try
        {
            if (handler is null) throw new InvalidOperationException($"Nothing handles outbox items of kind '{item.Kind}'.");
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Limit);
            await handler.HandleAsync(item, limit.Token);
            item.Complete(clock.GetUtcNow());
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever a handler throws is kept on the item and tried again.
        catch (Exception error)
        {
            Record(item, error);
        }
#pragma warning restore CA1031

        if (item.Status is OutboxStatus.Dead && handler is not null) await handler.GivenUpAsync(item, ct);
        await SaveAsync(db, item);
    }

    private void Record(OutboxItem item, Exception error)
    {
        var now = clock.GetUtcNow();
        switch (error)
        {
            case ServiceException { Kind: ErrorKind.TooMany, RetryAfter: { } wait }:
                item.Postpone(error.Message, now + wait);
                return;
            case OutboxGivenUpException:
                item.GiveUp(error.Message);
                break;
            default:
                item.Fail(error is ServiceException ? error.Message : $"{error.GetType().Name}: {error.Message}", OutboxDispatcher.Backoff, now);
                break;
        }

        if (item.Status is OutboxStatus.Dead) LogItemGivenUp(error, item.Kind, item.Id, item.Attempts);
        else LogItemFailed(error, item.Kind, item.Id, item.Attempts);
    }

    /// <summary>What happened is recorded even while the process is asked to stop.</summary>
    private async Task SaveAsync(PortalDbContext db, OutboxItem item)
    {
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateConcurrencyException)
        {
            LogLeaseLost(item.Kind, item.Id);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Outbox item {Kind} {ItemId} failed at attempt {Attempt}")]
    private partial void LogItemFailed(Exception error, string kind, Guid itemId, int attempt);

    [LoggerMessage(Level = LogLevel.Error, Message = "Outbox item {Kind} {ItemId} was given up after attempt {Attempt}")]
    private partial void LogItemGivenUp(Exception error, string kind, Guid itemId, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Outbox item {Kind} {ItemId} was finished by another node: the lease had run out")]
    private partial void LogLeaseLost(string kind, Guid itemId);
}
