namespace StarPortal.Core.Delegation;

/// <summary>A challenge of an upstream could not be met; the message has the detail for the owner of the name.</summary>
/// <param name="mayPass">Whether the same may succeed later, without anybody changing something.</param>
public sealed class ChallengeFailedException(string detail, bool mayPass, Exception? inner = null) : Exception(detail, inner)
{
    public bool MayPass { get; } = mayPass;
}
