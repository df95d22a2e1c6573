using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>A way to show an upstream that the portal may have a certificate for a name. Each deed may be repeated.</summary>
public interface IChallengeSolver
{
    ChallengeType Type { get; }

    /// <exception cref="ChallengeFailedException">It could not be published.</exception>
    Task PresentAsync(ChallengeTask task, CancellationToken ct);

    /// <summary>Whether the upstream would see it now.</summary>
    Task<bool> IsReadyAsync(ChallengeTask task, CancellationToken ct);

    /// <summary>Takes away what was presented for this task, and nothing else.</summary>
    /// <exception cref="ChallengeFailedException">It could not be taken away.</exception>
    Task CleanUpAsync(ChallengeTask task, CancellationToken ct);
}
