using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Whether somebody holds a proxy: by a signature over a challenge, and a chain that is good now.</summary>
internal sealed class RenewalProofs(TrustStores stores, TimeProvider clock)
{
    /// <returns>Whose proxy signed: the one-line name of the certificate under it.</returns>
    /// <exception cref="ServiceException">Unauthenticated, with the reason.</exception>
    public async Task<string> CheckAsync(AuthorizationAnswer answer, string challenge, CancellationToken ct)
    {
        if (!answer.IsOver(challenge)) throw MyProxyErrors.NoAuthorization("The signature does not fit the challenge and the certificate.");
        var verdict = await stores.VerifyAsync(answer.Chain, clock.GetUtcNow(), ct);
        if (verdict.Problem is { } problem) throw MyProxyErrors.NoAuthorization($"X509_verify_cert() failed: {problem}");
        return ClientIdentity.Of(verdict.Chain, address: null).Subject ?? throw MyProxyErrors.NoAuthorization("The certificate names nobody.");
    }
}
