namespace StarPortal.Core.MyProxy;

/// <summary>What the verification of a chain came to.</summary>
/// <param name="Problem">Null: it is good.</param>
/// <param name="Chain">What was verified, DER, leaf first and with the root; empty when there is a problem.</param>
internal sealed record TrustVerdict(string? Problem, IReadOnlyList<byte[]> Chain)
{
    public static TrustVerdict Bad(string problem) => new(problem, []);
}
