using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Star;

/// <summary>Drives the engine: batch after batch while anything is due, then once a second; one batch at a time, so that memory is bounded however much is due.</summary>
public sealed partial class RenewalWorker(RenewalEngine engine, FetchCounter fetches, StarMetrics metrics, IOptions<StarOptions> options, ILogger<RenewalWorker> logger) : BackgroundService
{
    private const int SecondsBetweenFlushes = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1);

    private int failures;

    public override void Dispose()
    {
        gate.Dispose();
        base.Dispose();
    }

    /// <summary>All that is due now. The engine has one caller at a time: who comes second waits.</summary>
    internal async Task RenewAsync(CancellationToken ct)
    {
        await gate.WaitAsync(ct);
        try
        {
            while (await engine.RenewDueAsync(ct) >= options.Value.RenewalBatch * RenewalEngine.BatchesAtOnce)
            {
                // There is more.
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>What a second brings. A fault is logged when it begins and when it is over, and counted between: what is due stays due, and is tried again the next second.</summary>
    internal async Task TickAsync(CancellationToken ct)
    {
        try
        {
            await RenewAsync(ct);
            if (failures > 0) LogRecovered(failures);
            failures = 0;
        }
#pragma warning disable CA1031 // A lost database, a full disk or the like.
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            metrics.CountFailure();
            if (failures++ == 0) LogFailed(error);
        }
#pragma warning restore CA1031
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Interval);
        try
        {
            for (var second = 1; await timer.WaitForNextTickAsync(stoppingToken); second++)
            {
                await TickAsync(stoppingToken);
                if (second % SecondsBetweenFlushes == 0) await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await FlushAsync(CancellationToken.None);
        }
    }

    private async Task FlushAsync(CancellationToken ct)
    {
        try
        {
            await fetches.FlushAsync(ct);
        }
#pragma warning disable CA1031 // As above: these few seconds' count is lost.
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            LogUncounted(error);
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "STAR renewals fail, and are tried again every second")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "STAR renewals go on after {Failures} rounds that failed")]
    private partial void LogRecovered(int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "Fetches of STAR certificates could not be counted")]
    private partial void LogUncounted(Exception error);
}
