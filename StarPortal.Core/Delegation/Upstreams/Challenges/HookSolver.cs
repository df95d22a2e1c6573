using StarPortal.Core.Acme;

namespace StarPortal.Core.Delegation;

/// <summary>dns-01 by a program that knows the DNS provider. It returns when the record is to be seen.</summary>
public sealed class HookSolver(HookSettings settings, ChallengeRecord record) : IChallengeSolver
{
    private readonly HookProgram program = new(settings);

    public ChallengeType Type => ChallengeType.Dns01;

    public Task PresentAsync(ChallengeTask task, CancellationToken ct) => RunAsync("present", task, ct);

    public Task<bool> IsReadyAsync(ChallengeTask task, CancellationToken ct) => Task.FromResult(true);

    public Task CleanUpAsync(ChallengeTask task, CancellationToken ct) => RunAsync("cleanup", task, ct);

    private async Task RunAsync(string deed, ChallengeTask task, CancellationToken ct) =>
        await program.RunAsync([deed, task.Identifier.Value, (await record.FindAsync(task.Identifier, ct)).Text, task.TextValue], ct);
}
