namespace StarPortal.Core.Star;

/// <summary>Fetches of one order's certificates within one day, as a node has counted them since it wrote last.</summary>
/// <param name="At">Of the last one.</param>
/// <param name="From">Network address of the last one; null: unknown.</param>
internal sealed record FetchTally(Guid OrderId, DateOnly Day, long Count, DateTimeOffset At, string? From);
