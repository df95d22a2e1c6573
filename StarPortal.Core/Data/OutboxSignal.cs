using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using System.Data.Common;

namespace StarPortal.Core.Data;

/// <summary>Wakes this node's dispatcher as soon as a unit of work with outbox items is committed; other nodes find the rows by polling.</summary>
public sealed class OutboxSignal : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private TaskCompletionSource next = NewSource();

    /// <summary>Completed by the next announcement. Take it before looking for work: what is announced after that is not missed.</summary>
    public Task Next => Volatile.Read(ref next).Task;

    public override async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        WakeFor(eventData.Context);
        return await base.SavedChangesAsync(eventData, result, cancellationToken);
    }

    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        WakeFor(eventData.Context);
        return base.SavedChanges(eventData, result);
    }

    /// <summary>A transaction of the caller's own: what was announced at the save became visible only now.</summary>
    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        WakeFor(eventData.Context);
        return Task.CompletedTask;
    }

    public void Wake() => Interlocked.Exchange(ref next, NewSource()).TrySetResult();

    /// <summary>Returns when <paramref name="announcement"/> is completed or after <paramref name="atMost"/>.</summary>
    public static async Task WaitAsync(Task announcement, TimeSpan atMost, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(announcement, Task.Delay(atMost, limit.Token));
        await limit.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }

    private void WakeFor(DbContext? db)
    {
        if (db is not null && db.ChangeTracker.Entries<OutboxItem>().Any(entry => entry.Entity.Status is OutboxStatus.Pending)) Wake();
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
