using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using StarPortal.Core.Authority;

namespace StarPortal.Core.Delegation;

/// <summary>
/// An account at an upstream that orders certificates (RFC 8555 7.4 to 7.6, RFC 8739, RFC 9773). It keeps nothing: what has to survive a restart are the URLs
/// that the answers bring. Every method may fail by <see cref="UpstreamException"/>.
/// </summary>
/// <param name="connection">To the upstream.</param>
/// <param name="key">The account's.</param>
/// <param name="account">Its URL, as <see cref="UpstreamAccounts"/> gave it.</param>
public sealed class AcmeClient(UpstreamConnection connection, UpstreamKey key, Uri account)
{
    public UpstreamLimits Limits => connection.Limits;

    public UpstreamKey Key => key;

    public Task<UpstreamDirectory> GetDirectoryAsync(CancellationToken ct) => connection.GetDirectoryAsync(ct);

    /// <summary>RFC 8555 7.4.</summary>
    public async Task<UpstreamOrder> OrderAsync(NewUpstreamOrder asked, CancellationToken ct)
    {
        var newOrder = (await connection.GetDirectoryAsync(ct)).NewOrder;
        var answer = await PostAsync(newOrder, asked.ToJson(), ct);
        var url = connection.Urls.Require(newOrder, answer.Location ?? throw UpstreamErrors.Nonsense("a new order has no Location."), "the order's URL");
        var order = UpstreamOrder.Of(url, answer, connection.Urls);
        if (!order.Identifiers.ToHashSet().SetEquals(asked.Identifiers)) throw UpstreamErrors.Nonsense("the order is for other identifiers than were asked for.");
        return order;
    }

    public async Task<UpstreamOrder> GetOrderAsync(Uri order, CancellationToken ct) => UpstreamOrder.Of(order, await PostAsync(order, [], ct), connection.Urls);

    public async Task<UpstreamAuthorization> GetAuthorizationAsync(Uri authorization, CancellationToken ct) =>
        UpstreamAuthorization.Of(authorization, await PostAsync(authorization, [], ct), connection.Urls);

    /// <summary>RFC 8555 7.5.1: the challenge is prepared, the upstream may look.</summary>
    public Task AnswerAsync(UpstreamChallenge challenge, CancellationToken ct) => PostAsync(challenge.Url, UpstreamJws.Json(_ => { }), ct);

    /// <summary>RFC 8555 7.4, with the request of whoever holds the key.</summary>
    /// <param name="order">Ready.</param>
    /// <param name="signingRequest">PKCS#10, DER.</param>
    public async Task<UpstreamOrder> FinalizeAsync(UpstreamOrder order, byte[] signingRequest, CancellationToken ct)
    {
        var answer = await PostAsync(order.Finalize, UpstreamJws.Json(json => json.WriteString("csr", Base64Url.EncodeToString(signingRequest))), ct);
        return UpstreamOrder.Of(order.Url, answer, connection.Urls);
    }

    /// <summary>RFC 8555 7.4.2, or the present one of a STAR order (RFC 8739 3.3), signed: which every order's certificate may be fetched by.</summary>
    /// <param name="certificate">Of an order, or an alternate.</param>
    public async Task<UpstreamChain> DownloadAsync(Uri certificate, CancellationToken ct) => UpstreamChain.Of(await PostAsync(certificate, [], ct, UpstreamChain.MediaType), connection.Urls);

    /// <summary>As anybody may (RFC 8739 3.4, RFC 9115 2.3.5): where the certificate is at a CA that does not know this account.</summary>
    public async Task<UpstreamChain> FetchAsync(Uri certificate, CancellationToken ct) => UpstreamChain.Of(await connection.GetAsync(certificate, ct), connection.Urls);

    /// <summary>RFC 8739 3.1.2: no further certificate is issued.</summary>
    /// <param name="order">A STAR order's URL.</param>
    public async Task<UpstreamOrder> CancelAsync(Uri order, CancellationToken ct) =>
        UpstreamOrder.Of(order, await PostAsync(order, UpstreamJws.Json(json => json.WriteString("status", "canceled")), ct), connection.Urls);

    /// <summary>RFC 8555 7.6, signed by the account. That it was revoked before is a success.</summary>
    public async Task RevokeAsync(X509Certificate2 certificate, RevocationReason reason, CancellationToken ct)
    {
        var revoke = (await connection.GetDirectoryAsync(ct)).RevokeCert ?? throw UpstreamErrors.NotOffered("revocation");
        try
        {
            await PostAsync(revoke, UpstreamJws.Json(json =>
            {
                json.WriteString("certificate", Base64Url.EncodeToString(certificate.RawData));
                if (reason is not RevocationReason.Unspecified) json.WriteNumber("reason", (int)reason); // RFC 5280 5.3.1: 0 is better left out.
            }), ct);
        }
        catch (UpstreamException refused) when (refused.Problem?.Is("alreadyRevoked") is true)
        {
            // As it should be.
        }
    }

    /// <summary>RFC 9773 4.1: a plain GET.</summary>
    /// <param name="certificateId">Of <see cref="UpstreamCertificateId"/>.</param>
    /// <returns>Null: the upstream has no renewal information.</returns>
    public async Task<UpstreamRenewalInfo?> FindRenewalInfoAsync(string certificateId, CancellationToken ct)
    {
        if ((await connection.GetDirectoryAsync(ct)).RenewalInfo is not { } renewalInfo) return null;
        return UpstreamRenewalInfo.Of(await connection.GetAsync(new Uri($"{renewalInfo.OriginalString.TrimEnd('/')}/{certificateId}"), ct));
    }

    private Task<UpstreamAnswer> PostAsync(Uri url, byte[] payload, CancellationToken ct, string? accept = null) =>
        connection.PostAsync(url, nonce => UpstreamJws.Sign(key, account, nonce, url, payload), accept, ct);
}
