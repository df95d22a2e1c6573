using Microsoft.EntityFrameworkCore.Diagnostics;

namespace StarPortal.Core.Data;

/// <summary>Wakes this node's dispatcher as soon as a unit of work with outbox items is saved; other nodes find the rows by polling.</summary>
public sealed class OutboxSignal : SaveChangesInterceptor, IDisposable
{
    private readonly SemaphoreSlim wake = new(0, 1);

    public override async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is { } db && db.ChangeTracker.Entries<OutboxItem>().Any(entry => entry.Entity.Status is OutboxStatus.Pending)) Wake();
        return await base.SavedChangesAsync(eventData, result, cancellationToken);
    }

    public void Wake()
    {
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already awake.
        }
    }

    /// <summary>Returns when woken or after <paramref name="atMost"/>.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken ct) => wake.WaitAsync(atMost, ct);

    public void Dispose() => wake.Dispose();
}
