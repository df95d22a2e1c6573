using System.Security.Cryptography;

namespace StarPortal.Core.MyProxy;

/// <summary>PUT: the client delegates a proxy to a key of the server's. STORE: the client sends a certificate with its key.</summary>
internal sealed class DepositSteps(DepositService deposits, ProxyKeyPool keys)
{
    /// <summary>A key is taken from the pool for those only who may store.</summary>
    public async Task<ConversationState> OfferKeyAsync(Exchange exchange, CancellationToken ct)
    {
        await deposits.AuthoriseAsync(exchange.Request, exchange.Client, ct);
        exchange.Key = await keys.TakeAsync(ct);
        await exchange.SendAsync([.. ReplyWriter.Ok(), .. ProxySigningRequest.Make(exchange.Key)], ct);
        return ConversationState.AwaitingChain;
    }

    public async Task<ConversationState> StoreProxyAsync(Exchange exchange, CancellationToken ct)
    {
        var chain = await exchange.Reader.ReadChainAsync(ct);
        await deposits.StoreProxyAsync(exchange.Request, exchange.Client, exchange.Key!, chain, ct);
        await exchange.SendAsync(ReplyWriter.Ok(), ct);
        return ConversationState.Over;
    }

    public async Task<ConversationState> AcceptAsync(Exchange exchange, CancellationToken ct)
    {
        await deposits.AuthoriseAsync(exchange.Request, exchange.Client, ct);
        await exchange.SendAsync(ReplyWriter.Ok(), ct);
        return ConversationState.AwaitingCredential;
    }

    public async Task<ConversationState> StorePemAsync(Exchange exchange, CancellationToken ct)
    {
        var pem = await exchange.Reader.ReadTextAsync(ct);
        try
        {
            await deposits.StorePemAsync(exchange.Request, exchange.Client, pem, ct);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem); // the key in it may be in the clear
        }

        await exchange.SendAsync(ReplyWriter.Ok(), ct);
        return ConversationState.Over;
    }
}
