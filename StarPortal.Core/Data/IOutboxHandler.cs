namespace StarPortal.Core.Data;

/// <summary>Does the deeds of one <see cref="OutboxItem.Kind"/>. Called at least once an item; must be idempotent by its key.</summary>
public interface IOutboxHandler
{
    string Kind { get; }

    /// <summary>
    /// An exception makes the dispatcher try again later; its message is kept for administrators. A <see cref="Shared.ServiceException"/> of
    /// kind TooMany with a RetryAfter puts the item off without counting an attempt; <see cref="OutboxGivenUpException"/> ends it.
    /// </summary>
    Task HandleAsync(OutboxItem item, CancellationToken ct);

    /// <summary>Called once after the item was given up, for what has to be recorded then.</summary>
    Task GivenUpAsync(OutboxItem item, CancellationToken ct) => Task.CompletedTask;
}
