namespace StarPortal.Core.MyProxy;

/// <summary>What a run came to.</summary>
/// <param name="Held">Credentials that are to be there.</param>
/// <param name="Sent">That were not, or not like this.</param>
/// <param name="Removed">That are here no more.</param>
/// <param name="Problems">A line for each credential that differs still.</param>
internal sealed record MirrorReport(int Held, int Sent, int Removed, IReadOnlyList<string> Problems)
{
    public override string ToString() => $"{Held} held, {Sent} sent, {Removed} removed, {Problems.Count} differ";
}
