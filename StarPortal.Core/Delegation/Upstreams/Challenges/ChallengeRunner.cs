using Microsoft.Extensions.Logging;
using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>Meets the challenges of an order, one authorization after the other, and leaves nothing behind.</summary>
public sealed partial class ChallengeRunner(UpstreamWait wait, TimeProvider clock, ILogger<ChallengeRunner> logger)
{
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(30);

    /// <summary>For a challenge of an authorization that does not say when it ends.</summary>
    private static readonly TimeSpan UsualLife = TimeSpan.FromHours(1);

    /// <param name="solvers">In order of preference.</param>
    /// <returns>The order, ready to be finalized or further.</returns>
    /// <exception cref="ChallengeFailedException">A challenge could not be met by what is configured.</exception>
    /// <exception cref="UpstreamException">The upstream was not convinced, or not reached.</exception>
    public async Task<UpstreamOrder> AuthorizeAsync(AcmeClient client, UpstreamOrder order, IReadOnlyList<IChallengeSolver> solvers, CancellationToken ct)
    {
        if (order.Status is not AcmeOrderStatus.Pending) return await wait.UntilReadyAsync(client, order, ct);
        foreach (var url in order.Authorizations)
        {
            var authorization = await client.GetAuthorizationAsync(url, ct);
            if (authorization.Status is AcmeAuthorizationStatus.Pending) await MeetAsync(client, authorization, solvers, ct);
            else await wait.UntilValidAsync(client, authorization, ct);
        }

        return await wait.UntilReadyAsync(client, await client.GetOrderAsync(order.Url, ct), ct);
    }

    private async Task MeetAsync(AcmeClient client, UpstreamAuthorization authorization, IReadOnlyList<IChallengeSolver> solvers, CancellationToken ct)
    {
        var (solver, challenge) = Choose(authorization, solvers);
        var task = new ChallengeTask(authorization.Identifier, challenge.Token, client.Key.AuthorizationOf(challenge.Token), authorization.ExpiresAt ?? clock.GetUtcNow() + UsualLife);
        try
        {
            await solver.PresentAsync(task, ct);
            await UntilReadyAsync(solver, task, client.Limits, ct);
            await client.AnswerAsync(challenge, ct);
            await wait.UntilValidAsync(client, authorization, ct);
        }
        finally
        {
            await CleanUpAsync(solver, task);
        }
    }

    private static (IChallengeSolver Solver, UpstreamChallenge Challenge) Choose(UpstreamAuthorization authorization, IReadOnlyList<IChallengeSolver> solvers)
    {
        foreach (var solver in solvers)
        {
            if (authorization.Challenges.FirstOrDefault(challenge => challenge.Type == solver.Type) is { } challenge) return (solver, challenge);
        }

        throw new ChallengeFailedException(
            $"The upstream CA wants {authorization.Identifier.Value} shown by {string.Join(" or ", authorization.Challenges.Select(challenge => challenge.Type.Token))}, and here is {(solvers.Count == 0 ? "nothing" : string.Join(" and ", solvers.Select(solver => solver.Type.Token)))} configured.",
            mayPass: false);
    }

    private async Task UntilReadyAsync(IChallengeSolver solver, ChallengeTask task, UpstreamLimits limits, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        while (!await solver.IsReadyAsync(task, ct))
        {
            if (clock.GetElapsedTime(start) > limits.MaxWait) throw new ChallengeFailedException($"The {solver.Type.Token} challenge of {task.Identifier.Value} was not to be seen within {limits.MaxWait.TotalSeconds:0.#} seconds.", mayPass: true);
            await Task.Delay(limits.PollInterval, clock, ct);
        }
    }

    /// <summary>Also when the rest was cancelled; that it fails is no reason to fail the order.</summary>
    private async Task CleanUpAsync(IChallengeSolver solver, ChallengeTask task)
    {
        using var limit = new CancellationTokenSource(CleanUpLimit);
        try
        {
            await solver.CleanUpAsync(task, limit.Token);
        }
        catch (Exception error) when (error is ChallengeFailedException or OperationCanceledException)
        {
            LogLeftBehind(error, solver.Type.Token, task.Identifier.Value);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The {Type} challenge of {Name} could not be taken away")]
    private partial void LogLeftBehind(Exception error, string type, string name);
}
