using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StarPortal.Core.Data;
using StarPortal.Core.Enrollment;

namespace StarPortal.Core.Approval;

/// <summary>
/// Tells open queue pages that the queue changed: at once when this node did it, within seconds when another did. However many pages are
/// open, a node asks the database one cheap question per interval, and none when no page is open.
/// </summary>
public sealed partial class QueueWatch(
    IDbContextFactory<PortalDbContext> contexts, QueueSignal signal, TimeProvider clock, ILogger<QueueWatch> logger) : BackgroundService
{
    private const int TicksPerMinute = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60.0 / TicksPerMinute);

    private readonly Lock gate = new();
    private readonly List<Action> subscribers = [];
    private QueueVersion? seen;

    /// <summary>Calls <paramref name="changed"/> from any thread on every change, until what is returned is disposed of.</summary>
    public IDisposable Subscribe(Action changed)
    {
        lock (gate) subscribers.Add(changed);
        return new Subscription(this, changed);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        signal.Changed = Announce;
        try
        {
            using var timer = new PeriodicTimer(Interval, clock);
            for (var tick = 1; await timer.WaitForNextTickAsync(stoppingToken); tick++)
            {
                await LookAsync(stoppingToken);
                if (tick % TicksPerMinute == 0) Announce(); // Nothing changed, but what waits has waited longer.
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The portal stops.
        }
        finally
        {
            signal.Changed = null;
        }
    }

    /// <summary>Asks the database whether anything changed since it was last asked, and announces it.</summary>
    internal async Task LookAsync(CancellationToken ct)
    {
        lock (gate)
        {
            if (subscribers.Count == 0) return;
        }

        try
        {
            var now = await ReadVersionAsync(ct);
            if (now == seen) return;
            seen = now;
            Announce();
        }
#pragma warning disable CA1031 // A queue page that is late for once is better than none: the next tick asks again.
        catch (Exception error) when (error is not OperationCanceledException)
        {
            LogLookFailed(error);
        }
#pragma warning restore CA1031
    }

    private async Task<QueueVersion?> ReadVersionAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var requests = db.EnrollmentRequests.AsNoTracking();
        var last = await requests.OrderByDescending(request => request.LastChangedAt).Select(request => new { request.LastChangedAt, request.Id, request.Version }).FirstOrDefaultAsync(ct);
        return last is null ? null : new QueueVersion(last.LastChangedAt, last.Id, last.Version, await requests.CountAsync(ct));
    }

    private void Announce()
    {
        Action[] all;
        lock (gate) all = [.. subscribers];
        foreach (var changed in all) changed();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look whether the queue changed")]
    private partial void LogLookFailed(Exception error);

    /// <summary>The last change, by what makes it different from the one before; and how many there are, since another node's clock may lag.</summary>
    private sealed record QueueVersion(DateTimeOffset At, Guid Id, int Version, int Count);

    private sealed class Subscription(QueueWatch watch, Action changed) : IDisposable
    {
        public void Dispose()
        {
            lock (watch.gate) watch.subscribers.Remove(changed);
        }
    }
}
