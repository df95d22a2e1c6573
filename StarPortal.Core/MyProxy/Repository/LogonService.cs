using System.Security.Cryptography;
using StarPortal.Core.Audit;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>GET: who may have a proxy of a stored credential. By the passphrase; without one by the server's trust in the client, or by a proxy that the client has already.</summary>
public sealed class LogonService(ServerPolicies policies, CredentialUnlocking unlocking, CredentialUses uses)
{
    private const int ChallengeOctets = 16;

    /// <exception cref="ServiceException">Everything that keeps the client from a proxy, in the genuine server's words.</exception>
    public async Task<LogonDecision> DecideAsync(MyProxyRequest request, MyProxyClient client, CancellationToken ct)
    {
        var key = CredentialKey.Of(request);
        if (request.Passphrase.Length == 0) return await DecideWithoutPassphraseAsync(key, client, ct);
        policies.RequireRetriever(client);
        return new LogonDecision.Open(await unlocking.UnlockAsync(key, request.Passphrase, client, credential => policies.RequireRetriever(client, credential.Policies), ct));
    }

    /// <summary>The client has proved by its answer to <paramref name="challenge"/> that it holds a proxy of <paramref name="provenSubject"/>.</summary>
    /// <exception cref="ServiceException">Unauthenticated: of another name; and all that <see cref="DecideAsync"/> checks, once more.</exception>
    public async Task<UnlockedCredential> AnswerAsync(RenewalChallenge challenge, string provenSubject, CancellationToken ct)
    {
        var found = await unlocking.GetAsync(challenge.Key, ct);
        var credential = found.Credential!;
        if (provenSubject != credential.Subject) throw MyProxyErrors.WrongProof();
        if (!credential.IsPassphraseless || !policies.IsRenewer(challenge.Client, credential.Policies, credential.Subject)) throw MyProxyErrors.NoPassphrase();
        return await unlocking.OpenPlainAsync(found, ct);
    }

    /// <summary>The client has got its proxy.</summary>
    /// <param name="proxyNotAfter">Until when it is good.</param>
    public Task RecordAsync(UnlockedCredential credential, MyProxyClient client, DateTimeOffset proxyNotAfter, CancellationToken ct) =>
        uses.RecordAsync(credential.Row, credential.Id, AuditAction.MyProxyLogon, $"proxy until {proxyNotAfter:u}", client).WaitAsync(ct);

    /// <summary>Whoever is nobody in particular is trusted by no policy and gets one answer, whatever is stored.</summary>
    private async Task<LogonDecision> DecideWithoutPassphraseAsync(CredentialKey key, MyProxyClient client, CancellationToken ct)
    {
        if (client.Subject is null) throw MyProxyErrors.NoPassphrase();
        var found = await unlocking.GetAsync(key, ct);
        var credential = found.Credential!;
        if (!credential.IsPassphraseless) throw MyProxyErrors.NoPassphrase();
        if (policies.IsTrusted(client, credential.Policies, credential.Subject)) return new LogonDecision.Open(await unlocking.OpenPlainAsync(found, ct));
        if (policies.IsRenewer(client, credential.Policies, credential.Subject))
            return new LogonDecision.Challenge(new RenewalChallenge(key, client, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ChallengeOctets))));
        throw policies.IsRefusedAsItself(client, credential.Policies, credential.Subject) ? MyProxyErrors.SelfAuthorization() : MyProxyErrors.NoPassphrase();
    }
}
