using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>INFO, DESTROY and CHANGE_CRED_PASSPHRASE: what an owner does with the own credentials. Those of others are not seen.</summary>
public sealed class CredentialDesk(
    IDbContextFactory<PortalDbContext> contexts, ServerPolicies policies, CredentialOpener opener, CredentialRewrite rewrite, TimeProvider clock)
{
    /// <returns>The unnamed one first, then by name.</returns>
    /// <exception cref="ServiceException">NotFound: the client owns none of this user name.</exception>
    public async Task<IReadOnlyList<CredentialInfo>> InfoAsync(MyProxyRequest request, MyProxyClient client, CancellationToken ct)
    {
        var userHash = CredentialKey.Of(request).UserHash;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var stored = await db.StoredCredentials.AsNoTracking().Where(credential => credential.UserHash == userHash).ToListAsync(ct);
        var own = stored.Where(credential => credential.Owner == client.Subject).OrderBy(credential => credential.CredentialName, StringComparer.Ordinal).ToList();
        db.AuditRecords.Add(MyProxyAudit.Of(AuditAction.MyProxyInfoRead, client, own.FirstOrDefault(), clock.GetUtcNow(), $"{own.Count} of {request.UserName}"));
        await db.SaveChangesAsync(ct);
        return own.Count == 0 ? throw MyProxyErrors.NoCredentialsOf(request.UserName, client) : [.. own.Select(Describe)];
    }

    /// <exception cref="ServiceException">NotFound; Forbidden.</exception>
    public async Task DestroyAsync(MyProxyRequest request, MyProxyClient client, CancellationToken ct)
    {
        policies.RequireAccepted(client);
        var hash = CredentialKey.Of(request).Hash;
        await using var db = await contexts.CreateDbContextAsync(ct);
        var credential = await db.StoredCredentials.SingleOrDefaultAsync(candidate => candidate.NameHash == hash, ct) ?? throw MyProxyErrors.NothingToRemove();
        if (credential.Owner != client.Subject) throw MyProxyErrors.NotOwned(client);
        if (credential.Origin is CredentialOrigin.Mirror) throw MyProxyErrors.IsCopy();
        db.StoredCredentials.Remove(credential);
        db.AuditRecords.Add(MyProxyAudit.Of(AuditAction.MyProxyRemoved, client, credential, clock.GetUtcNow()));
        await CredentialRewrite.SaveAsync(db, ct);
    }

    /// <summary>The old passphrase is of no use any more as soon as this returns, on every node.</summary>
    /// <exception cref="ServiceException">Forbidden; Unauthenticated: not the old passphrase; Invalid: the new one is none; Conflict.</exception>
    public async Task ChangePassphraseAsync(MyProxyRequest request, MyProxyClient client, CancellationToken ct)
    {
        var key = CredentialKey.Of(request);
        rewrite.RequireNew(request.NewPassphrase);
        if (client.Subject is null) throw MyProxyErrors.NotOwner(client);
        using var open = await opener.OpenAsync(key, request.Passphrase, client, RequireOwner, ct);
        await rewrite.ChangePassphraseAsync(open, request, client, ct);

        void RequireOwner(StoredCredential credential)
        {
            if (credential.Owner != client.Subject) throw MyProxyErrors.NotOwner(client);
            if (credential.Origin is CredentialOrigin.Mirror) throw MyProxyErrors.IsCopy();
        }
    }

    private static CredentialInfo Describe(StoredCredential credential) =>
        new(credential.CredentialName, credential.Description, credential.NotBefore, credential.NotAfter, credential.Owner, credential.Policies, credential.LockMessage);
}
