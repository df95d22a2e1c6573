namespace StarPortal.Core.Acme;

/// <summary>What came of asking.</summary>
/// <param name="Problem">Null when valid.</param>
/// <param name="Detail">Safe plain words: what was asked and what came.</param>
/// <param name="Trace">Addresses and redirects that were asked, for the portal's pages.</param>
public sealed record ValidationOutcome(bool IsValid, AcmeProblemType? Problem, string Detail, IReadOnlyList<string> Trace)
{
    public static ValidationOutcome Valid(string detail, params IReadOnlyList<string> trace) => new(true, null, detail, trace);

    public static ValidationOutcome Invalid(AcmeProblemType problem, string detail, params IReadOnlyList<string> trace) => new(false, problem, detail, trace);
}
