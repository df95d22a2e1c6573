using StarPortal.Core.Jobs;

namespace StarPortal.Core.MyProxy;

/// <summary>Wrong passphrases are kept for as long as they count.</summary>
internal sealed class AttemptsPruneJob(LogonGuesses guesses) : IPortalJob
{
    public string Name => "myproxy-attempts-prune";

    public async Task<string> RunAsync(CancellationToken ct) => $"{await guesses.PruneAsync(ct)} user names forgotten";
}
