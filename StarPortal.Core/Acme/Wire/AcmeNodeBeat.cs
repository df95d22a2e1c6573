using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace StarPortal.Core.Acme;

/// <summary>Gives this node's sign of life as long as it runs.</summary>
internal sealed partial class AcmeNodeBeat(AcmeNodes nodes, ILogger<AcmeNodeBeat> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(AcmeNodes.Interval);
        do await BeatAsync(stoppingToken);
        while (await WaitAsync(timer, stoppingToken));
    }

    private async Task BeatAsync(CancellationToken ct)
    {
        try
        {
            await nodes.BeatAsync(ct);
        }
#pragma warning disable CA1031 // A database that does not answer now is no reason to stop looking.
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            LogFailed(error);
        }
        catch (OperationCanceledException)
        {
        }
#pragma warning restore CA1031
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken ct)
    {
        try
        {
            return await timer.WaitForNextTickAsync(ct);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "This node's sign of life could not be written")]
    private partial void LogFailed(Exception error);
}
