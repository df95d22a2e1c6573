using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Delegation;

/// <summary>Drives the engine: a loop for each CA, so that one that is slow keeps its own orders waiting and no others.</summary>
public sealed partial class DelegationWorker(DelegationEngine engine, DueOrders due, DelegationSignal signal, IOptions<DelegationOptions> options, ILogger<DelegationWorker> logger) : BackgroundService
{
    private const int TurnsOfWork = 8;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>All that is due now.</summary>
    public async Task RunDueAsync(CancellationToken ct)
    {
        foreach (var list in due.Lists)
        {
            while (await RunAsync(list, ct))
            {
                // There may be more.
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await TakeBackAsync(stoppingToken);
        await Task.WhenAll(due.Lists.Select(list => LoopAsync(list, stoppingToken)));
    }

    private async Task TakeBackAsync(CancellationToken ct)
    {
        try
        {
            await due.TakeBackAsync(ct);
        }
#pragma warning disable CA1031 // As below: then the leases run out.
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            LogFailed(error);
        }
#pragma warning restore CA1031
    }

    private async Task LoopAsync(DueOrders.DueList list, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var woken = signal.WaitAsync(Interval, ct);
            if (!await TryRunAsync(list, ct)) await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryRunAsync(DueOrders.DueList list, CancellationToken ct)
    {
        try
        {
            return await RunAsync(list, ct);
        }
#pragma warning disable CA1031 // A lost database or the like: what is due stays due.
        catch (Exception error)
        {
            if (!ct.IsCancellationRequested) LogFailed(error);
            return false;
        }
#pragma warning restore CA1031
    }

    /// <returns>Whether anything was due.</returns>
    private async Task<bool> RunAsync(DueOrders.DueList list, CancellationToken ct)
    {
        var found = await list(options.Value.Concurrency * TurnsOfWork, ct);
        await Parallel.ForEachAsync(found, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency, CancellationToken = ct }, async (id, token) => await engine.AdvanceAsync(id, token));
        return found.Count > 0;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of delegated orders failed")]
    private partial void LogFailed(Exception error);
}
