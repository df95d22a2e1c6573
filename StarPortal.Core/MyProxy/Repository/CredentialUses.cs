using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;

namespace StarPortal.Core.MyProxy;

/// <summary>Writes down what came of an opened credential, grouped with other clients' writes.</summary>
public sealed class CredentialUses(GroupCommit commits, IDbContextFactory<PortalDbContext> contexts, CredentialVault vault, TimeProvider clock)
{
    /// <summary>The last use, and an audit record. What changed in the credential meanwhile stays as it is.</summary>
    internal async Task RecordAsync(StoredCredential? used, Guid id, AuditAction action, string detail, MyProxyClient client)
    {
        for (var before = used; ;)
        {
            try
            {
                await commits.SaveAsync(rows => AddUse(rows, before, used, action, detail, client));
                return;
            }
            catch (DbUpdateConcurrencyException) when (before is not null)
            {
                await using var db = await contexts.CreateDbContextAsync();
                before = await db.StoredCredentials.AsNoTracking().SingleOrDefaultAsync(credential => credential.Id == id);
            }
        }
    }

    /// <summary>A key that came encrypted in another way is kept in this server's from its first good passphrase on.</summary>
    /// <returns>The credential as it is on record then.</returns>
    /// <exception cref="Shared.ServiceException">Invalid: the key is another than the certificate's.</exception>
    internal async Task<StoredCredential> ModerniseAsync(OpenCredential open, ReadOnlyMemory<byte> passphrase, MyProxyClient client)
    {
        var before = open.Credential;
        if (before.Origin is CredentialOrigin.Mirror || !vault.IsForeign(vault.Unseal(before))) return before; // A copy stays what it is a copy of.
        RequirePair(open.Key, CredentialChain.Split(before.Chain)[0]);
        var key = vault.Encrypt(open.Key, passphrase.Span);
        var (after, sealedKey, now) = (before, vault.Seal(before.Id, key), clock.GetUtcNow());
        try
        {
            await commits.SaveAsync(rows =>
            {
                after = before.Copy();
                after.ChangeKey(key.Form, sealedKey);
                rows.Update(before, after);
                rows.Insert(MyProxyAudit.Of(AuditAction.MyProxyKeyReencrypted, client, before, now));
            });
            return after;
        }
        catch (DbUpdateConcurrencyException)
        {
            return before; // Somebody else did, or put another credential in its place.
        }
    }

    /// <exception cref="Shared.ServiceException">Invalid.</exception>
    internal static void RequirePair(AsymmetricAlgorithm key, byte[] certificate)
    {
        if (!key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(CredentialChain.PublicKeyInfoOf(certificate))) throw MyProxyErrors.NotValid("The key does not belong to the certificate.");
    }

    private void AddUse(RowBatch rows, StoredCredential? before, StoredCredential? used, AuditAction action, string detail, MyProxyClient client)
    {
        var now = clock.GetUtcNow();
        if (before is not null)
        {
            var after = before.Copy();
            after.NoteUse(client, now);
            rows.Update(before, after);
        }

        rows.Insert(MyProxyAudit.Of(action, client, used, now, detail));
    }
}
