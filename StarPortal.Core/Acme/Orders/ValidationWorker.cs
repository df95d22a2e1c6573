using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace StarPortal.Core.Acme;

/// <summary>Makes the attempts that the backlog holds, as many at once as configured and a part of them for one account, and looks for those that are due again.</summary>
public sealed partial class ValidationWorker(ValidationBacklog backlog, ValidationAttempt attempt, ValidationShares shares, IOptions<AcmeOptions> options, ILogger<ValidationWorker> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Makes everything that is due now, one after the other.</summary>
    /// <returns>How many attempts were made.</returns>
    public async Task<int> AttemptDueAsync(CancellationToken ct)
    {
        await backlog.TakeDueAsync(withOwn: false, ct);
        var made = 0;
        for (; backlog.Waiting.TryRead(out var leased); made++) await attempt.MakeAsync(leased, ct);
        return made;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var polling = PollAsync(stoppingToken);
        try
        {
            await Parallel.ForEachAsync(
                backlog.Waiting.ReadAllAsync(stoppingToken), new ParallelOptions { MaxDegreeOfParallelism = options.Value.ValidationConcurrency, CancellationToken = stoppingToken }, MakeAsync);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop; the rows keep what was not done.
        }

        await polling;
    }

    /// <summary>And those of its account that wait for it to end, one after the other.</summary>
    private async ValueTask MakeAsync(LeasedAttempt leased, CancellationToken ct)
    {
        if (!shares.TryBegin(leased)) return;
        for (var next = leased; next is not null; next = shares.End(next)) await TryAsync(next, ct);
    }

    private async ValueTask TryAsync(LeasedAttempt leased, CancellationToken ct)
    {
        try
        {
            await attempt.MakeAsync(leased, ct);
        }
#pragma warning disable CA1031 // The worker outlives whatever goes wrong with one attempt; its lease ends and it is made again.
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            LogFailed(error);
        }
#pragma warning restore CA1031
    }

    private async Task PollAsync(CancellationToken ct)
    {
        var restarted = true;
        using var timer = new PeriodicTimer(PollInterval);
        do
        {
            try
            {
                await backlog.TakeDueAsync(restarted, ct);
                restarted = false;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // As above, for a lost database.
            catch (Exception error)
            {
                LogFailed(error);
            }
#pragma warning restore CA1031
        }
        while (await WaitAsync(timer, ct));
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

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of challenge validation failed")]
    private partial void LogFailed(Exception error);
}
