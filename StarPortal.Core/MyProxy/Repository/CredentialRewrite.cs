using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>Writes a credential's key anew under another passphrase.</summary>
public sealed class CredentialRewrite(
    IDbContextFactory<PortalDbContext> contexts, CredentialVault vault, PersonPassphrase person, IOptions<MyProxyOptions> options, TimeProvider clock)
{
    /// <exception cref="ServiceException">Invalid. An empty one would take the key's protection away: only where policy asks for such credentials.</exception>
    internal void RequireNew(ReadOnlySpan<byte> passphrase) => PassphraseRules.Require(passphrase, options.Value.AllowPassphraseless);

    /// <summary>
    /// What the portal stored lies under the person's passphrase, which is that of everything else in the portal, too; what a client uploaded has one of its own.
    /// </summary>
    /// <exception cref="ServiceException">Conflict: somebody else changed it meanwhile; Invalid: the key is of another certificate, or policy refuses the passphrase.</exception>
    internal Task ChangePassphraseAsync(OpenCredential open, MyProxyRequest request, MyProxyClient client, CancellationToken ct) =>
        open.Credential is { Origin: CredentialOrigin.Portal, UserId: { } userId }
            ? person.ChangeAsync(userId, request, client, ct)
            : ChangeAloneAsync(open, request.NewPassphrase, client, ct);

    /// <exception cref="ServiceException">Conflict: somebody else changed it meanwhile.</exception>
    internal static async Task SaveAsync(PortalDbContext db, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw MyProxyErrors.Changed();
        }
    }

    private async Task ChangeAloneAsync(OpenCredential open, ReadOnlyMemory<byte> passphrase, MyProxyClient client, CancellationToken ct)
    {
        CredentialUses.RequirePair(open.Key, CredentialChain.Split(open.Credential.Chain)[0]);
        var (credential, key) = (open.Credential, vault.Encrypt(open.Key, passphrase.Span));
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.StoredCredentials.Attach(credential);
        credential.ChangeKey(key.Form, vault.Seal(credential.Id, key));
        db.AuditRecords.Add(MyProxyAudit.Of(AuditAction.MyProxyPassphraseChanged, client, credential, clock.GetUtcNow()));
        await SaveAsync(db, ct);
    }
}
