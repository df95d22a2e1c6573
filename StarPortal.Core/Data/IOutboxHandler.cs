namespace StarPortal.Core.Data;

/// <summary>Does the deeds of one <see cref="OutboxItem.Kind"/>. Called at least once an item; must be idempotent by its key.</summary>
public interface IOutboxHandler
{
    string Kind { get; }

    /// <summary>An exception makes the dispatcher try again later; its message is kept for administrators.</summary>
    Task HandleAsync(OutboxItem item, CancellationToken ct);
}
