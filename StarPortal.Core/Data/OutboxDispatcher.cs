using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Data;

/// <summary>
/// Does what the outbox holds: takes due items under a lease (so that one node at a time works on an item, and a node that dies loses it
/// after <see cref="Lease"/>), calls the handler, marks the item done or schedules the next attempt.
/// </summary>
public sealed partial class OutboxDispatcher(
    IDbContextFactory<PortalDbContext> contexts,
    IEnumerable<IOutboxHandler> handlers,
    OutboxSignal signal,
    IOptions<PortalOptions> portal,
    TimeProvider clock,
    ILogger<OutboxDispatcher> logger) : BackgroundService
{
    /// <summary>How long a node may work on an item before another may take it.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>Waits between attempts: about a day in all, then an administrator has to look.</summary>
    public static readonly IReadOnlyList<TimeSpan> Backoff =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8), TimeSpan.FromHours(8),
    ];

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private readonly string node = $"{Environment.MachineName}:{portal.Value.HttpsPort}";

    private readonly Dictionary<string, IOutboxHandler> handlersByKind = handlers.ToDictionary(handler => handler.Kind, StringComparer.Ordinal);

    /// <summary>Takes and handles what is due now.</summary>
    /// <returns>How many items were handled, well or badly.</returns>
    public async Task<int> DispatchDueAsync(CancellationToken ct)
    {
        var handled = 0;
        foreach (var id in await FindDueAsync(ct))
        {
            if (await TryLeaseAsync(id, ct))
            {
                await HandleAsync(id, ct);
                handled++;
            }
        }

        return handled;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var restarted = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (restarted) await ReleaseOwnLeasesAsync(stoppingToken);
                restarted = false;
                if (await DispatchDueAsync(stoppingToken) == 0) await signal.WaitAsync(PollInterval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The dispatcher outlives whatever goes wrong in one round, a lost database among it.
            catch (Exception error)
            {
                LogRoundFailed(error);
                await signal.WaitAsync(PollInterval, stoppingToken);
            }
#pragma warning restore CA1031
        }
    }

    private async Task<List<Guid>> FindDueAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        return await db.Outbox.Where(item => item.Status == OutboxStatus.Pending && item.DueAt <= now)
            .OrderBy(item => item.DueAt).Select(item => item.Id).Take(50).ToListAsync(ct);
    }

    private async Task<bool> TryLeaseAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        var until = now + Lease;
        return await db.Outbox.Where(item => item.Id == id && item.Status == OutboxStatus.Pending && item.DueAt <= now)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.DueAt, until).SetProperty(item => item.LeasedBy, node), ct) == 1;
    }

    /// <summary>What this node was working on when it died need not wait for the lease to run out.</summary>
    private async Task ReleaseOwnLeasesAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var now = clock.GetUtcNow();
        await db.Outbox.Where(item => item.LeasedBy == node && item.Status == OutboxStatus.Pending)
            .ExecuteUpdateAsync(set => set.SetProperty(item => item.DueAt, now).SetProperty(item => item.LeasedBy, (string?)null), ct);
    }

    private async Task HandleAsync(Guid id, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var item = await db.Outbox.SingleAsync(candidate => candidate.Id == id, ct);
        try
        {
            if (!handlersByKind.TryGetValue(item.Kind, out var handler))
                throw new InvalidOperationException($"Nothing handles outbox items of kind '{item.Kind}'.");
            await handler.HandleAsync(item, ct);
            item.Complete(clock.GetUtcNow());
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever a handler throws is kept on the item and tried again.
        catch (Exception error)
        {
            LogItemFailed(error, item.Kind, item.Id, item.Attempts + 1);
            item.Fail(error is ServiceException expected ? expected.Message : $"{error.GetType().Name}: {error.Message}", Backoff, clock.GetUtcNow());
        }
#pragma warning restore CA1031

        await db.SaveChangesAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of the outbox failed")]
    private partial void LogRoundFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Outbox item {Kind} {ItemId} failed at attempt {Attempt}")]
    private partial void LogItemFailed(Exception error, string kind, Guid itemId, int attempt);
}
