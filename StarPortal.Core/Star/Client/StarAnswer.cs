namespace StarPortal.Core.Star;

/// <summary>What the server said, within the bounds.</summary>
/// <param name="ETag">As the server wrote it, quotes and all.</param>
public sealed record StarAnswer(int Status, string? ETag, AnswerHints Hints, byte[] Body);
