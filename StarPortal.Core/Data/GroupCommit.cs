using Microsoft.EntityFrameworkCore;

namespace StarPortal.Core.Data;

/// <summary>
/// Saves what concurrent requests have to write in one transaction, because the synced write at a commit's end costs more than all that it
/// writes. While one group is being saved the next one gathers. A caller goes on only when its unit is durable. When a group fails, each of
/// its units is saved alone, so that a conflict hurts its owner and nobody else.
/// </summary>
public sealed class GroupCommit(IDbContextFactory<PortalDbContext> contexts, OutboxSignal outbox) : IAsyncDisposable
{
    /// <summary>Units of one transaction: enough to share a sync, few enough that the first of them does not wait for long.</summary>
    private const int MaxGroup = 64;

    private readonly Lock gate = new();
    private readonly Queue<Unit> waiting = [];
    private bool isSaving;
    private RowWriter? writer;

    /// <summary>Adds the rows of <paramref name="unit"/> to a transaction and returns when that is on disk.</summary>
    /// <param name="unit">
    /// Says what to write; no I/O. It may be called twice, so it leaves what it captured as it was.
    /// </param>
    /// <exception cref="DbUpdateException">This unit could not be saved, such as <see cref="DbUpdateConcurrencyException"/>; nothing of it was.</exception>
    public Task SaveAsync(Action<RowBatch> unit)
    {
        var entry = new Unit(unit, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        bool starts;
        lock (gate)
        {
            waiting.Enqueue(entry);
            starts = !isSaving;
            isSaving = true;
        }

        if (starts) _ = Task.Run(SaveAllAsync);
        return entry.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        if (writer is null) return;
        await writer.DisposeAsync();
        writer = null;
    }

    private async Task SaveAllAsync()
    {
        while (TakeGroup() is { Count: > 0 } group)
        {
            if (group.Count == 1) await SaveAloneAsync(group[0]);
            else if (await TrySaveAsync(group) is null) group.ForEach(unit => unit.Done.SetResult());
            else foreach (var unit in group) await SaveAloneAsync(unit);
        }
    }

    private List<Unit> TakeGroup()
    {
        lock (gate)
        {
            List<Unit> group = new(Math.Min(waiting.Count, MaxGroup));
            while (group.Count < MaxGroup && waiting.TryDequeue(out var unit)) group.Add(unit);
            isSaving = group.Count > 0;
            return group;
        }
    }

    private async Task SaveAloneAsync(Unit unit)
    {
        if (await TrySaveAsync([unit]) is { } error) unit.Done.SetException(error);
        else unit.Done.SetResult();
    }

    /// <returns>What went wrong; null when all of it is saved.</returns>
    private async Task<Exception?> TrySaveAsync(List<Unit> group)
    {
        try
        {
            var rows = new RowBatch();
            foreach (var unit in group) unit.Change(rows);
            writer ??= new RowWriter(await contexts.CreateDbContextAsync());
            await writer.SaveAsync(rows.Changes);
            if (rows.Changes.Any(change => change.After is OutboxItem)) outbox.Wake();
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to the caller whose unit it was.
        catch (Exception error)
        {
            await DisposeAsync();
            return error;
        }
#pragma warning restore CA1031
    }

    private sealed record Unit(Action<RowBatch> Change, TaskCompletionSource Done);
}
