namespace StarPortal.Core.Data;

/// <summary>The rows that a unit of <see cref="GroupCommit"/> writes, in their sequence: entities of EF's model, written without its change tracker.</summary>
public sealed class RowBatch
{
    private readonly List<RowChange> changes = [];

    internal IReadOnlyList<RowChange> Changes => changes;

    public void Insert(object entity) => changes.Add(new RowChange(null, entity));

    /// <summary>Writes what differs between two states of an entity, unless somebody else changed the row meanwhile: its concurrency tokens say so.</summary>
    public void Update<TEntity>(TEntity before, TEntity after)
        where TEntity : class => changes.Add(new RowChange(before, after));
}

/// <param name="Before">Null: the row is new.</param>
internal sealed record RowChange(object? Before, object After);
