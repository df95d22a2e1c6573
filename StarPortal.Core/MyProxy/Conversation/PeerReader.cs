using Microsoft.Extensions.Logging;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Whose chain a client showed. One that is not good makes its holder anonymous, who has the least rights: with TLS 1.3 the C client can't try again without it, and a stale
/// certificate that lies about shall keep nobody from logging on by passphrase.
/// </summary>
internal sealed partial class PeerReader(TrustStores stores, TimeProvider clock, ILogger<PeerReader> logger)
{
    public async Task<MyProxyPeer> ReadAsync(IReadOnlyList<byte[]> chain, string? address, CancellationToken ct)
    {
        if (chain.Count == 0) return new(ClientIdentity.Of([], address), null);
        if (chain.Count > MessageReader.MaxCertificates) return Anonymous(address, $"a chain has at most {MessageReader.MaxCertificates} certificates");
        var verdict = await stores.VerifyAsync(chain, clock.GetUtcNow(), ct);
        if (verdict.Problem is { } problem) return Anonymous(address, problem);
        try
        {
            return new(ClientIdentity.Of(verdict.Chain, address), null);
        }
        catch (ServiceException unusable)
        {
            return Anonymous(address, unusable.Message);
        }
    }

    private MyProxyPeer Anonymous(string? address, string problem)
    {
        LogUnaccepted(problem);
        return new(ClientIdentity.Of([], address), problem);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A MyProxy client is anonymous, since its certificate is not accepted: {Problem}")]
    private partial void LogUnaccepted(string problem);
}
