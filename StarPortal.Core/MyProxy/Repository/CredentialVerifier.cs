using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Whether a chain is good now: of certificates of ours the database knows best and first, of others the CAs that are trusted decide.</summary>
public sealed class CredentialVerifier(TrustStores trust, TimeProvider clock)
{
    private const string Revoked = "certificate revoked";

    /// <summary>At each use.</summary>
    /// <exception cref="ServiceException">Conflict: locked, revoked, expired or not trusted any more.</exception>
    internal async Task RequireUsableAsync(StoredCredential credential, DateTimeOffset? revokedAt, CancellationToken ct)
    {
        if (credential.LockMessage is { } message) throw MyProxyErrors.Locked(message);
        if (revokedAt is not null) throw MyProxyErrors.NotVerified(Revoked);
        var now = clock.GetUtcNow();
        if (credential.NotAfter < now) throw MyProxyErrors.NotVerified("certificate has expired");
        if (credential.NotBefore > now) throw MyProxyErrors.NotVerified("certificate is not yet valid");
        if (credential.Origin is CredentialOrigin.Portal) return;
        if (await FindProblemAsync(CredentialChain.Split(credential.Chain), ct) is { } problem) throw MyProxyErrors.NotVerified(problem);
    }

    /// <summary>What is wrong with a chain that is to be stored; null: nothing.</summary>
    internal async Task<string?> FindProblemAsync(IReadOnlyList<byte[]> chain, CancellationToken ct) => (await trust.VerifyAsync(chain, clock.GetUtcNow(), ct)).Problem;

    /// <summary>A chain that is to be stored, as it was verified: in its order, with what was missing and without what does not belong to it.</summary>
    /// <returns>DER, leaf first and with the root.</returns>
    /// <exception cref="ServiceException">Invalid: it is not good.</exception>
    internal async Task<IReadOnlyList<byte[]>> VerifyAsync(IReadOnlyList<byte[]> chain, CancellationToken ct)
    {
        var verdict = await trust.VerifyAsync(chain, clock.GetUtcNow(), ct);
        return verdict.Problem is { } problem ? throw MyProxyErrors.NotValid(problem) : verdict.Chain;
    }
}
