using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>From a request to an open key: found, authorised, opened, and good to be used.</summary>
public sealed class CredentialUnlocking(
    IDbContextFactory<PortalDbContext> contexts, CredentialOpener opener, CredentialVault vault, CredentialVerifier verifier, CredentialUses uses)
{
    /// <summary>By the passphrase. See <see cref="CredentialOpener.OpenAsync"/>; what is wrong with the credential itself is told only to whoever knows the passphrase.</summary>
    /// <exception cref="ServiceException">As there; Conflict: locked, revoked or expired; Invalid: the key is of another certificate.</exception>
    internal async Task<UnlockedCredential> UnlockAsync(CredentialKey key, ReadOnlyMemory<byte> passphrase, MyProxyClient client, Action<StoredCredential> authorise, CancellationToken ct)
    {
        var open = await opener.OpenAsync(key, passphrase, client, authorise, ct);
        try
        {
            await verifier.RequireUsableAsync(open.Credential, open.RevokedAt, ct);
            return UnlockedCredential.Of(await uses.ModerniseAsync(open, passphrase, client), open.Key);
        }
        catch
        {
            open.Dispose();
            throw;
        }
    }

    /// <summary>Without a passphrase, for a client that policy trusts so far.</summary>
    /// <returns>The credential, its key closed still.</returns>
    /// <exception cref="ServiceException">NotFound.</exception>
    internal async Task<FoundCredential> GetAsync(CredentialKey key, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var found = await FoundCredential.ReadAsync(db, key, ct);
        return found.Credential is null ? throw MyProxyErrors.NoCredentials(key) : found;
    }

    /// <exception cref="ServiceException">Conflict: locked, revoked or expired.</exception>
    internal async Task<UnlockedCredential> OpenPlainAsync(FoundCredential found, CancellationToken ct)
    {
        await verifier.RequireUsableAsync(found.Credential!, found.RevokedAt, ct);
        return UnlockedCredential.Of(found.Credential!, vault.OpenPlain(found.Credential!));
    }
}
