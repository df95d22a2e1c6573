using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>Which keys are never certified, whoever asks: those that were reported as compromised, and those of accounts.</summary>
public sealed class CertifiableKeys(CompromisedKeys compromised, IDbContextFactory<PortalDbContext> contexts)
{
    private static readonly CompiledQuery<string, Guid, Guid> Holders = new((db, thumbprint, besides) =>
        db.Set<AcmeAccount>().Where(account => account.Thumbprint == thumbprint && account.Id != besides).Select(account => account.Id));

    /// <param name="signer">Whose own key was compared already.</param>
    /// <exception cref="AcmeException">badCSR.</exception>
    public async ValueTask RequireAsync(PublicKeyFacts key, Guid signer, CancellationToken ct)
    {
        if (await compromised.ContainAsync(key.Hash, ct)) throw AcmeOrderErrors.BadCsr("This key was reported as compromised: it is never certified again. Make a new key.");
        if (AcmeJwk.Find(key) is not { } jwk) return; // A kind of key that no account can have.
        await using var db = await contexts.CreateDbContextAsync(ct);
        // RFC 8555 11.1: "the CSR does not contain a public key for any known account key pair".
        if (await Holders.ListAsync(db, jwk.Thumbprint, signer, ct) is not []) throw AcmeOrderErrors.BadCsr("The CSR's key is the key of an account of this server. Make a key of its own for the certificate.");
    }
}
