namespace StarPortal.Core.Data;

/// <summary>Thrown by a handler whose deed can't ever succeed: the item is dead at once instead of after the last attempt.</summary>
/// <param name="reason">Kept on the item for administrators.</param>
public sealed class OutboxGivenUpException(string reason) : Exception(reason);
