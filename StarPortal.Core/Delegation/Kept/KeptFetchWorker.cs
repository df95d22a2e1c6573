using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace StarPortal.Core.Delegation;

/// <summary>Writes the count of fetches every few seconds, and when the portal ends.</summary>
internal sealed partial class KeptFetchWorker(KeptFetches fetches, ILogger<KeptFetchWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await FlushAsync(stoppingToken);
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
#pragma warning disable CA1031 // A lost database or the like: these few seconds' count is lost.
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            LogUncounted(error);
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Fetches of kept certificates could not be counted")]
    private partial void LogUncounted(Exception error);
}
