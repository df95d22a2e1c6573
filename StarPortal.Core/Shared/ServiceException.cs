namespace StarPortal.Core.Shared;

/// <summary>
/// The one exception for what is expected to fail. <see cref="Exception.Message"/> is safe to show to whoever asked;
/// rooms make it in named factories (<c>RequestErrors</c>, <c>LinkErrors</c>) and every door has one translator for it.
/// </summary>
/// <param name="kind">Decides the status that a door answers with.</param>
/// <param name="detail">One or two sentences for people: what is wrong and what to do.</param>
/// <param name="field">The form field that the message belongs beside, by its property name; null when it concerns the whole.</param>
public sealed class ServiceException(ErrorKind kind, string detail, string? field = null) : Exception(detail)
{
    public ErrorKind Kind { get; } = kind;

    public string? Field { get; } = field;

    /// <summary>When the same call may succeed; null when waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
