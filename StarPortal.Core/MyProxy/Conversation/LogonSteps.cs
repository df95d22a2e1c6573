using Microsoft.Extensions.Options;

namespace StarPortal.Core.MyProxy;

/// <summary>GET: a proxy of a stored credential, for the client's own key.</summary>
internal sealed class LogonSteps(LogonService logons, RenewalProofs proofs, TrustRootShelf roots, IOptions<MyProxyOptions> options, TimeProvider clock)
{
    public async Task<ConversationState> DecideAsync(Exchange exchange, CancellationToken ct)
    {
        switch (await logons.DecideAsync(exchange.Request, exchange.Client, ct))
        {
            case LogonDecision.Challenge(var challenge):
                exchange.Challenge = challenge;
                await exchange.SendAsync(ReplyWriter.Authorization(challenge.Text), ct);
                return ConversationState.Challenged;
            case LogonDecision.Open(var credential):
                return await AcceptAsync(exchange, credential, ct);
            default:
                throw new InvalidOperationException("A logon is decided one way or the other.");
        }
    }

    /// <summary>The client's answer to the challenge: signed by a proxy of the very name that is in the credential.</summary>
    public async Task<ConversationState> CheckProofAsync(Exchange exchange, CancellationToken ct)
    {
        var answer = await AuthorizationAnswer.ReadAsync(exchange.Reader, ct);
        var subject = await proofs.CheckAsync(answer, exchange.Challenge!.Text, ct);
        return await AcceptAsync(exchange, await logons.AnswerAsync(exchange.Challenge, subject, ct), ct);
    }

    public async Task<ConversationState> DelegateAsync(Exchange exchange, CancellationToken ct)
    {
        var signer = exchange.Credential!;
        var request = await exchange.Reader.ReadSigningRequestAsync(ct);
        var proxy = ProxyCertificate.Issue(signer, request, exchange.Request.Lifetime, options.Value.MaxProxyLifetime, exchange.Client.IsLimited, clock.GetUtcNow());
        await logons.RecordAsync(signer, exchange.Client, CertificateEnd.Of(proxy), ct);

        await exchange.SendAsync(ChainWriter.Write([proxy, .. signer.Chain]), ct); // in one message, with nothing after it
        await exchange.SendAsync(ReplyWriter.Ok(), ct);
        return ConversationState.Over;
    }

    private async Task<ConversationState> AcceptAsync(Exchange exchange, UnlockedCredential credential, CancellationToken ct)
    {
        exchange.Credential = credential;
        await exchange.SendAsync(exchange.Request.WantsTrustRoots ? ReplyWriter.Ok(await roots.GetAsync(ct)) : ReplyWriter.Ok(), ct);
        return ConversationState.AwaitingSigningRequest;
    }
}
