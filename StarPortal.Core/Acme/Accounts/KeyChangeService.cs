using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;

namespace StarPortal.Core.Acme;

/// <summary>Account key rollover (RFC 8555 7.3.5): the nine checks, then one change. Orders and authorizations stay as they are.</summary>
internal sealed class KeyChangeService(IDbContextFactory<PortalDbContext> contexts, AccountKeyPolicy keys, AccountCache cache, TimeProvider clock)
{
    /// <exception cref="AcmeException">What is wrong; 409 with the account's URL when the new key is another account's.</exception>
    public async Task<AcmeAccount> ChangeAsync(AcmeRequest request, CancellationToken ct)
    {
        // 1. A currently active account: seen to before we are called.
        var signer = request.Signer;
        // 2. The payload is a well-formed JWS.
        var inner = JwsReader.Read(request.Payload);
        if (inner.Header.Nonce is not null || inner.Header.KeyId is not null) throw AcmeAccountErrors.BadKeyChange("the inner JWS has neither nonce nor kid.");
        // 3. It has a jwk.
        var newKey = inner.ReadKey();
        // 4. It verifies with that key.
        inner.Verify(newKey);
        // 5. Its payload is a keyChange object.
        var (account, oldKey) = ReadKeyChange(inner);
        // 6. Both JWS have the same url.
        if (inner.Header.Url != request.Url) throw AcmeAccountErrors.BadKeyChange("the url of the inner JWS is another than that of the outer one.");
        // 7. It is about the account that signed.
        if (account != request.Links.Account(signer.Id)) throw AcmeAccountErrors.BadKeyChange("account is not the URL of the account that signed.");
        // 8. It names the account's key.
        if (oldKey.Thumbprint != signer.Thumbprint) throw AcmeAccountErrors.BadKeyChange("oldKey is not the account's key.");
        keys.Require(newKey);
        // 9. No account has the new key: the unique index has the last word.
        return await SaveAsync(request, oldKey, newKey, ct);
    }

    private async Task<AcmeAccount> SaveAsync(AcmeRequest request, AcmeJwk oldKey, AcmeJwk newKey, CancellationToken ct)
    {
        await RequireFreeAsync(request, newKey, ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var account = await db.AcmeAccounts.SingleAsync(candidate => candidate.Id == request.Signer.Id, ct);
        if (account.Thumbprint != oldKey.Thumbprint) throw AcmeAccountErrors.Busy();
        account.ChangeKey(newKey);
        account.SeenFrom(request.Actor.Address, request.UserAgent);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AcmeAccountKeyChanged, request.Actor, "acme-account", account.Id, clock.GetUtcNow(), $"{oldKey.Thumbprint} → {newKey.Thumbprint}"));
        try
        {
            await db.SaveChangesAsync(ct);
            return account;
        }
        catch (DbUpdateException error)
        {
            await RequireFreeAsync(request, newKey, ct);
            if (error is DbUpdateConcurrencyException) throw AcmeAccountErrors.Busy();
            throw;
        }
        finally
        {
            cache.Forget(account.Id);
        }
    }

    private async Task RequireFreeAsync(AcmeRequest request, AcmeJwk newKey, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var directory = request.Links.BasePath;
        var holder = await db.AcmeAccounts.Where(account => account.Thumbprint == newKey.Thumbprint && account.Directory == directory).Select(account => (Guid?)account.Id).SingleOrDefaultAsync(ct);
        if (holder is { } id) throw AcmeAccountErrors.KeyInUse(request.Links.Account(id));
    }

    private static (string Account, AcmeJwk OldKey) ReadKeyChange(Jws inner)
    {
        try
        {
            using var document = JsonDocument.Parse(inner.Payload, AcmeJson.Strict);
            var change = document.Deserialize(AccountJsonContext.Default.KeyChangeJson);
            if (change is not { Account: { } account, OldKey: { ValueKind: JsonValueKind.Object } oldKey }) throw AcmeAccountErrors.BadKeyChange("the inner payload has account and oldKey.");
            return (account, JwkReader.Read(Encoding.UTF8.GetBytes(oldKey.GetRawText())));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw AcmeAccountErrors.BadKeyChange("the inner payload is not a keyChange object.");
        }
    }
}
