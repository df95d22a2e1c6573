using System.Text;

namespace StarPortal.Core.Acme;

/// <summary>
/// Anti-replay nonces (RFC 8555 6.5), single use across all nodes. A node that is alone issues nonces of its own, which cost no I/O; where there are several,
/// shared ones. Each kind has one place only where it is redeemed, and its length tells which.
/// </summary>
internal sealed class AcmeNonces(AcmeNodes nodes, SharedNonces shared)
{
    private readonly NonceWindow own = new();

    public string Issue() => nodes.IsAlone ? own.Issue() : shared.Issue();

    /// <exception cref="AcmeException">malformed: not base64url; badNonce: missing, not ours, used or too old.</exception>
    public async ValueTask RedeemAsync(string? nonce)
    {
        if (string.IsNullOrEmpty(nonce)) throw AcmeErrors.BadNonce();
        // RFC 8555 6.5.2: what is not base64url is malformed, not merely unknown.
        if (!StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(nonce), out var bytes)) throw AcmeErrors.Malformed("The nonce is not base64url without padding.");
        var isGood = nonce.Length == SharedNonces.Length ? await shared.RedeemAsync(bytes) : nonce.Length == NonceWindow.Length && own.Redeem(bytes);
        if (!isGood) throw AcmeErrors.BadNonce();
    }
}
