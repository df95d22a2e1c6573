namespace StarPortal.Core.Jobs;

/// <summary>Work that falls due at instants of its own and not by a schedule: a clock that is wound stops for it, too.</summary>
public interface ITimedWork
{
    /// <returns>When something falls due next, or fell due; null: nothing is to come.</returns>
    Task<DateTimeOffset?> NextAsync(CancellationToken ct);

    /// <summary>Does what is due now.</summary>
    Task RunDueAsync(CancellationToken ct);
}
