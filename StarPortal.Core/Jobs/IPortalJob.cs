namespace StarPortal.Core.Jobs;

/// <summary>Work that a schedule starts. A singleton; may be run again at any time, so it does what is due and nothing twice.</summary>
public interface IPortalJob
{
    /// <summary>Lower-case words with hyphens, such as <c>request-expiry</c>: the key in configuration, history and audit.</summary>
    string Name { get; }

    /// <returns>One line of what was done, for administrators, such as <c>3 reminders sent</c>.</returns>
    Task<string> RunAsync(CancellationToken ct);
}
