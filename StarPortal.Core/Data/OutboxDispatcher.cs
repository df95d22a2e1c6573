using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace StarPortal.Core.Data;

/// <summary>
/// Does what the outbox holds, one lane a kind: a mail server that does not answer keeps nobody from a certificate. Within a kind items are
/// done one after the other, in the order in which they fell due.
/// </summary>
public sealed partial class OutboxDispatcher(OutboxWorker worker, OutboxSignal signal, ILogger<OutboxDispatcher> logger) : BackgroundService
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

    private readonly ConcurrentDictionary<string, Task> lanes = new(StringComparer.Ordinal);

    /// <summary>Takes and handles what is due now, of every kind.</summary>
    /// <returns>How many items were handled, well or badly.</returns>
    public async Task<int> DispatchDueAsync(CancellationToken ct)
    {
        var handled = 0;
        foreach (var kind in await worker.FindDueKindsAsync(ct)) handled += await worker.DispatchAsync(kind, ct);
        return handled;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var restarted = true;
        while (!stoppingToken.IsCancellationRequested)
        {
            var announcement = signal.Next;
            try
            {
                if (restarted) await worker.ReleaseOwnLeasesAsync(stoppingToken);
                restarted = false;
                foreach (var kind in await worker.FindDueKindsAsync(stoppingToken)) OpenLane(kind, stoppingToken);
                await OutboxSignal.WaitAsync(announcement, PollInterval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // The dispatcher outlives whatever goes wrong in one round, a lost database among it.
            catch (Exception error)
            {
                LogRoundFailed(error);
                await Task.Delay(PollInterval, stoppingToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
#pragma warning restore CA1031
        }

        await Task.WhenAll(lanes.Values);
    }

    private void OpenLane(string kind, CancellationToken ct)
    {
        if (!lanes.TryGetValue(kind, out var lane) || lane.IsCompleted) lanes[kind] = Task.Run(() => RunLaneAsync(kind, ct), CancellationToken.None);
    }

    private async Task RunLaneAsync(string kind, CancellationToken ct)
    {
        try
        {
            while (await worker.DispatchAsync(kind, ct) > 0)
            {
                // Until nothing of this kind is due.
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return;
        }
#pragma warning disable CA1031 // As above, for one lane.
        catch (Exception error)
        {
            LogLaneFailed(error, kind);
            return; // Without waking: the next poll tries again.
        }
#pragma warning restore CA1031

        signal.Wake(); // What was announced while this lane was closing has to open it again.
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of the outbox failed")]
    private partial void LogRoundFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of the outbox's lane {Kind} failed")]
    private partial void LogLaneFailed(Exception error, string kind);
}
