using System.Collections.Frozen;
using static StarPortal.Core.MyProxy.ConversationState;

namespace StarPortal.Core.MyProxy;

/// <summary>The protocol: eight commands, and what comes after what.</summary>
internal sealed class ConversationTable
{
    private readonly FrozenDictionary<(ConversationState, MyProxyCommand), ConversationStep> steps;

    public ConversationTable(LogonSteps logon, DepositSteps deposit, OwnerSteps owner, RetrievalSteps retrieval) =>
        steps = ((ConversationStep[])
        [
            new(Asked, MyProxyCommand.Get, logon.DecideAsync, AwaitingSigningRequest, Challenged),
            new(Challenged, MyProxyCommand.Get, logon.CheckProofAsync, AwaitingSigningRequest),
            new(AwaitingSigningRequest, MyProxyCommand.Get, logon.DelegateAsync, Over),

            new(Asked, MyProxyCommand.Put, deposit.OfferKeyAsync, AwaitingChain),
            new(AwaitingChain, MyProxyCommand.Put, deposit.StoreProxyAsync, Over),

            new(Asked, MyProxyCommand.Store, deposit.AcceptAsync, AwaitingCredential),
            new(AwaitingCredential, MyProxyCommand.Store, deposit.StorePemAsync, Over),

            new(Asked, MyProxyCommand.Info, owner.InfoAsync, Over),
            new(Asked, MyProxyCommand.Destroy, owner.DestroyAsync, Over),
            new(Asked, MyProxyCommand.ChangePassphrase, owner.ChangePassphraseAsync, Over),

            new(Asked, MyProxyCommand.Retrieve, retrieval.RetrieveAsync, Over),
            new(Asked, MyProxyCommand.GetTrustRoots, retrieval.GetTrustRootsAsync, Over),
        ]).ToFrozenDictionary(step => (step.State, step.Command));

    public IEnumerable<ConversationStep> Steps => steps.Values;

    /// <summary>Does what is due.</summary>
    /// <returns>The next state.</returns>
    public async Task<ConversationState> ActAsync(ConversationState state, Exchange exchange, CancellationToken ct)
    {
        var step = steps[(state, exchange.Request.Command)];
        var next = await step.Act(exchange, ct);
        return step.Next.Contains(next) ? next : throw new InvalidOperationException($"{step.Command} goes from {state} to {next}, which the table does not know.");
    }
}
