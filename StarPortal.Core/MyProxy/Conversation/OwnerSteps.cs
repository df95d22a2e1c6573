namespace StarPortal.Core.MyProxy;

/// <summary>INFO, DESTROY and CHANGE_CRED_PASSPHRASE: a request and one reply.</summary>
internal sealed class OwnerSteps(CredentialDesk desk)
{
    public async Task<ConversationState> InfoAsync(Exchange exchange, CancellationToken ct)
    {
        var credentials = await desk.InfoAsync(exchange.Request, exchange.Client, ct);
        return await FinishAsync(exchange, ReplyWriter.Ok(credentials), ct);
    }

    public async Task<ConversationState> DestroyAsync(Exchange exchange, CancellationToken ct)
    {
        await desk.DestroyAsync(exchange.Request, exchange.Client, ct);
        return await FinishAsync(exchange, ReplyWriter.Ok(), ct);
    }

    public async Task<ConversationState> ChangePassphraseAsync(Exchange exchange, CancellationToken ct)
    {
        await desk.ChangePassphraseAsync(exchange.Request, exchange.Client, ct);
        return await FinishAsync(exchange, ReplyWriter.Ok(), ct);
    }

    private static async Task<ConversationState> FinishAsync(Exchange exchange, byte[] reply, CancellationToken ct)
    {
        await exchange.SendAsync(reply, ct);
        return ConversationState.Over;
    }
}
