using System.Security.Cryptography;

namespace StarPortal.Core.MyProxy;

/// <summary>RETRIEVE: the stored key itself. GET_TRUSTROOTS: the CAs.</summary>
internal sealed class RetrievalSteps(RetrievalService retrieval, ServerPolicies policies, TrustRootShelf roots)
{
    public async Task<ConversationState> RetrieveAsync(Exchange exchange, CancellationToken ct)
    {
        var pem = await retrieval.RetrieveAsync(exchange.Request, exchange.Client, ct);
        byte[] message = [.. pem, 0]; // the C client takes its length by strlen
        try
        {
            await exchange.SendAsync(exchange.Request.WantsTrustRoots ? ReplyWriter.Ok(await roots.GetAsync(ct)) : ReplyWriter.Ok(), ct);
            await exchange.SendAsync(message, ct);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pem);
            CryptographicOperations.ZeroMemory(message);
        }

        await exchange.SendAsync(ReplyWriter.Ok(), ct);
        return ConversationState.Over;
    }

    /// <summary>As the genuine server: whoever may log on may have them.</summary>
    public async Task<ConversationState> GetTrustRootsAsync(Exchange exchange, CancellationToken ct)
    {
        policies.RequireRetriever(exchange.Client);
        await exchange.SendAsync(ReplyWriter.Ok(await roots.GetAsync(ct)), ct);
        return ConversationState.Over;
    }
}
