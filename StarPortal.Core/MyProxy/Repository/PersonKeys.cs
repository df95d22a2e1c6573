using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>What clients log on to with a person's passphrase: what the portal stored, and what the person uploaded, as far as it lies under the same one.</summary>
internal sealed class PersonKeys(CredentialVault vault, TimeProvider clock) : IPassphraseKeys
{
    public async Task<IReadOnlyList<KeyChange>> ChangeAsync(PortalDbContext db, Guid userId, PassphrasePair passphrases, Actor actor, CancellationToken ct)
    {
        var own = await db.StoredCredentials.Where(credential => credential.UserId == userId && credential.KeyForm != StoredKeyForm.Plain).ToListAsync(ct);
        return [.. own.OrderBy(credential => credential.CredentialName, StringComparer.Ordinal).Select(credential => new KeyChange(
            $"The MyProxy credential {MyProxyAudit.Describe(credential.Key)}", Change(db, credential, passphrases, actor)))];
    }

    private bool Change(PortalDbContext db, StoredCredential credential, PassphrasePair passphrases, Actor actor)
    {
        using var key = vault.TryOpen(credential, Encoding.UTF8.GetBytes(passphrases.Old));
        if (key is null) return false;
        var closed = vault.Encrypt(key, Encoding.UTF8.GetBytes(passphrases.New));
        credential.ChangeKey(closed.Form, vault.Seal(credential.Id, closed));
        db.AuditRecords.Add(MyProxyAudit.Of(AuditAction.MyProxyPassphraseChanged, actor, credential, clock.GetUtcNow()));
        return true;
    }
}
