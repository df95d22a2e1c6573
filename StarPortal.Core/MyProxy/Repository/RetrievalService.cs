using System.Security.Cryptography;
using System.Text;
using StarPortal.Core.Audit;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>RETRIEVE: hands out the stored key itself, as protected as it is kept. Nobody may, unless policies say so.</summary>
public sealed class RetrievalService(ServerPolicies policies, CredentialUnlocking unlocking, CredentialVault vault, CredentialUses uses)
{
    /// <returns>PEM: the certificate, its key, the rest of the chain.</returns>
    /// <exception cref="ServiceException">Everything that keeps the client from it, in the genuine server's words.</exception>
    public async Task<byte[]> RetrieveAsync(MyProxyRequest request, MyProxyClient client, CancellationToken ct)
    {
        var key = CredentialKey.Of(request);
        policies.RequireKeyRetriever(client);
        using var unlocked = request.Passphrase.Length > 0 ? await ByPassphraseAsync(key, request.Passphrase, client, ct) : await ByTrustAsync(key, client, ct);
        if (client.IsLimited) throw MyProxyErrors.LimitedClient();
        await uses.RecordAsync(unlocked.Row, unlocked.Id, AuditAction.MyProxyKeyRetrieved, "certificate and key", client);
        return Write(unlocked);
    }

    private Task<UnlockedCredential> ByPassphraseAsync(CredentialKey key, byte[] passphrase, MyProxyClient client, CancellationToken ct)
    {
        policies.RequireRetriever(client);
        return unlocking.UnlockAsync(key, passphrase, client, credential =>
        {
            policies.RequireKeyRetriever(client, credential.Policies);
            policies.RequireRetriever(client, credential.Policies);
        }, ct);
    }

    private async Task<UnlockedCredential> ByTrustAsync(CredentialKey key, MyProxyClient client, CancellationToken ct)
    {
        if (client.Subject is null) throw MyProxyErrors.NoPassphrase();
        var found = await unlocking.GetAsync(key, ct);
        var credential = found.Credential!;
        policies.RequireKeyRetriever(client, credential.Policies);
        if (!credential.IsPassphraseless || !policies.IsTrusted(client, credential.Policies, credential.Subject)) throw MyProxyErrors.NoPassphrase();
        return await unlocking.OpenPlainAsync(found, ct);
    }

    private byte[] Write(UnlockedCredential unlocked)
    {
        var key = vault.Unseal(unlocked.Row!);
        var pem = Encoding.ASCII.GetBytes(CredentialPem.Write(unlocked.Chain, key));
        CryptographicOperations.ZeroMemory(key.Content);
        return pem;
    }
}
