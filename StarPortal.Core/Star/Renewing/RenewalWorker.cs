using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Star;

/// <summary>Drives the engine: batch after batch while anything is due, then once a second; one batch at a time, so that memory is bounded however much is due.</summary>
public sealed partial class RenewalWorker(RenewalEngine engine, FetchCounter fetches, IOptions<StarOptions> options, ILogger<RenewalWorker> logger) : BackgroundService
{
    private const int SecondsBetweenFlushes = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim gate = new(1);

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
            while (await engine.RenewDueAsync(ct) >= options.Value.RenewalBatch)
            {
                // There is more.
            }
        }
        finally
        {
            gate.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var timer = new PeriodicTimer(Interval);
        try
        {
            for (var second = 1; await timer.WaitForNextTickAsync(stoppingToken); second++)
            {
                await TryAsync(RenewAsync, stoppingToken);
                if (second % SecondsBetweenFlushes == 0) await TryAsync(fetches.FlushAsync, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await TryAsync(fetches.FlushAsync, CancellationToken.None);
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> act, CancellationToken ct)
    {
        try
        {
            await act(ct);
        }
#pragma warning disable CA1031 // A lost database or the like: what is due stays due, and is tried again.
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            LogFailed(error);
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of STAR renewals failed")]
    private partial void LogFailed(Exception error);
}
