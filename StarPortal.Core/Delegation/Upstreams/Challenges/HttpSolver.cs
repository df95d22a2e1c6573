using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>http-01, where the name leads to the portal's plain HTTP port, or a front server hands the path on.</summary>
public sealed class HttpSolver(PresentedChallenges challenges) : IChallengeSolver
{
    public ChallengeType Type => ChallengeType.Http01;

    public Task PresentAsync(ChallengeTask task, CancellationToken ct) => challenges.AddAsync(task, ct);

    /// <summary>Every node reads the same row.</summary>
    public Task<bool> IsReadyAsync(ChallengeTask task, CancellationToken ct) => Task.FromResult(true);

    public Task CleanUpAsync(ChallengeTask task, CancellationToken ct) => challenges.RemoveAsync(task, ct);
}
