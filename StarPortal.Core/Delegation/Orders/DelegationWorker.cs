using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Delegation;

/// <summary>Drives the engine: a loop for each CA, so that one that is slow keeps its own orders waiting and no others.</summary>
public sealed partial class DelegationWorker(DelegationEngine engine, UpstreamBook upstreams, DelegationSignal signal, IOptions<DelegationOptions> options, ILogger<DelegationWorker> logger) : BackgroundService
{
    private const int TurnsOfWork = 8;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private delegate Task<IReadOnlyList<Guid>> DueList(int most, CancellationToken ct);

    /// <summary>What is due at each CA, and at those that are configured no longer.</summary>
    private IEnumerable<DueList> Lists =>
        [.. upstreams.Names.Select(DueList (name) => (most, ct) => engine.ListDueAsync(name, most, ct)), engine.ListStrayAsync];

    /// <summary>All that is due now.</summary>
    public async Task RunDueAsync(CancellationToken ct)
    {
        foreach (var list in Lists)
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
        await Task.WhenAll(Lists.Select(list => LoopAsync(list, stoppingToken)));
    }

    private async Task LoopAsync(DueList list, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var woken = signal.WaitAsync(Interval, ct);
            if (!await TryRunAsync(list, ct)) await woken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryRunAsync(DueList list, CancellationToken ct)
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
    private async Task<bool> RunAsync(DueList list, CancellationToken ct)
    {
        var due = await list(options.Value.Concurrency * TurnsOfWork, ct);
        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Concurrency, CancellationToken = ct }, async (id, token) => await engine.AdvanceAsync(id, token));
        return due.Count > 0;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of delegated orders failed")]
    private partial void LogFailed(Exception error);
}
