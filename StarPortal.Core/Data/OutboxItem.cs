using System.Text.Json;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Data;

public enum OutboxStatus
{
    Pending,
    Done,

    /// <summary>Given up after the last attempt; an administrator may try again.</summary>
    Dead,
}

/// <summary>
/// A deed to be done outside the transaction that decided it. Written with the state change, done afterwards by the handler of its
/// <see cref="Kind"/>, at least once: handlers are idempotent by <see cref="Key"/>.
/// </summary>
public sealed class OutboxItem
{
    private OutboxItem()
    {
    }

    public Guid Id { get; private set; } = SecureTokens.NewId();

    /// <summary>The handler's name, such as <c>mail</c> or <c>issue</c>.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>Unique with the kind: adding the same deed twice violates the index instead of doing it twice.</summary>
    public string Key { get; private set; } = "";

    /// <summary>JSON, for the handler.</summary>
    public string Payload { get; private set; } = "";

    public OutboxStatus Status { get; private set; }

    public int Attempts { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>Not before this instant; pushed ahead while a node works on the item (its lease) and by the backoff after a failure.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>The node that works on the item; null when none does.</summary>
    public string? LeasedBy { get; private set; }

    public DateTimeOffset? DoneAt { get; private set; }

    /// <summary>Why the last attempt failed, for administrators.</summary>
    public string? LastError { get; private set; }

    /// <param name="kind">The handler's name.</param>
    /// <param name="key">Unique within the kind.</param>
    /// <param name="payload">Kept as JSON.</param>
    /// <param name="now">Also when the item falls due.</param>
    public static OutboxItem For<T>(string kind, string key, T payload, DateTimeOffset now) => new()
    {
        Kind = kind,
        Key = key,
        Payload = JsonSerializer.Serialize(payload, JsonSerializerOptions.Web),
        CreatedAt = now,
        DueAt = now,
    };

    public T Read<T>() => JsonSerializer.Deserialize<T>(Payload, JsonSerializerOptions.Web)
        ?? throw new InvalidOperationException($"Outbox item {Id} has no payload.");

    public void Complete(DateTimeOffset now)
    {
        if (Status is not OutboxStatus.Pending) throw new InvalidOperationException($"Outbox item {Id} is {Status}.");
        (Status, DoneAt, LastError, LeasedBy) = (OutboxStatus.Done, now, null, null);
        Attempts++;
    }

    /// <summary>Takes the content away from an item that is done with it.</summary>
    public void ClearPayload() => Payload = "";

    /// <summary>Puts the item off without counting an attempt: nothing failed, there is no room yet.</summary>
    public void Postpone(string reason, DateTimeOffset until) => (LastError, LeasedBy, DueAt) = (Short(reason), null, until);

    /// <summary>No further attempt.</summary>
    public void GiveUp(string reason)
    {
        (Status, LastError, LeasedBy) = (OutboxStatus.Dead, Short(reason), null);
        Attempts++;
    }

    /// <summary>Schedules the next attempt, or gives up when <paramref name="backoff"/> is used up.</summary>
    public void Fail(string error, IReadOnlyList<TimeSpan> backoff, DateTimeOffset now)
    {
        LastError = Short(error);
        LeasedBy = null;
        if (Attempts >= backoff.Count) Status = OutboxStatus.Dead;
        else DueAt = now + backoff[Attempts];
        Attempts++;
    }

    /// <summary>An administrator's second chance for a dead item.</summary>
    public void Retry(DateTimeOffset now)
    {
        if (Status is not OutboxStatus.Dead)
            throw new ServiceException(ErrorKind.Conflict, "Only a dead item can be tried again.");
        (Status, Attempts, DueAt) = (OutboxStatus.Pending, 0, now);
    }

    private static string Short(string text) => text.Length > 1000 ? text[..1000] : text;
}
