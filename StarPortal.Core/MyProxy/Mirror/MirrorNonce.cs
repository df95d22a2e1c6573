namespace StarPortal.Core.MyProxy;

/// <summary>A question that was heard: its primary key is what lets nobody say it twice, on any node.</summary>
internal sealed class MirrorNonce
{
    public required Guid Id { get; init; }

    public required DateTimeOffset At { get; init; }
}
