namespace StarPortal.Core.Star;

/// <summary>One line for the operator.</summary>
public sealed record FetchEvent(DateTimeOffset At, bool IsTrouble, string Text)
{
    public override string ToString() => $"{At:yyyy-MM-dd'T'HH:mm:ss'Z'} {Text.ReplaceLineEndings(" ")}";
}
