using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Acme;

/// <summary>Makes, finds, changes and ends accounts at their clients' wish (RFC 8555 7.3).</summary>
internal sealed class AcmeAccountService(
    IDbContextFactory<PortalDbContext> contexts, NewAccountRules rules, ExternalAccountBindings bindings, AccountCache cache, TimeProvider clock)
{
    /// <returns>The account, and whether it is new.</returns>
    /// <exception cref="AcmeException">As 7.3 has it.</exception>
    public async Task<(AcmeAccount Account, bool IsNew)> CreateOrFindAsync(AccountInputJson input, AcmeRequest request, CancellationToken ct)
    {
        // 7.3.1: an account that has the key already is the answer, whatever else was sent; 7.3.3: but for agreement to changed terms.
        if (await FindByKeyAsync(request, ct) is { } existing) return (await AgreeAgainAsync(existing, input, request, ct), false);
        if (input.OnlyReturnExisting is true) throw AcmeAccountErrors.NoneWithThisKey();
        rules.RequireKey(request.Key);
        var account = AcmeAccount.Create(request.Links.BasePath, request.Key, ContactRules.Check(input.Contact ?? []), rules.RequireTerms(input), clock.GetUtcNow());
        account.SeenFrom(request.Actor.Address, request.UserAgent);
        rules.RequireBinding(input);
        rules.TakeTurn(request.Actor.Address);

        await using var db = await contexts.CreateDbContextAsync(ct);
        if (input.ExternalAccountBinding is { ValueKind: not JsonValueKind.Null } binding) account.Bind(await bindings.UseAsync(db, binding, request, ct), binding.GetRawText());
        db.AcmeAccounts.Add(account);
        db.AuditRecords.Add(AuditRecord.Of(AuditAction.AcmeAccountCreated, request.Actor, "acme-account", account.Id, account.CreatedAt, $"{request.Key.Facts.Description} {account.Thumbprint}"));
        return await SaveNewAsync(db, account, request, ct);
    }

    /// <summary>Whether there is an account with the key that signed.</summary>
    public async Task<bool> HasAsync(AcmeRequest request, CancellationToken ct) => await FindByKeyAsync(request, ct) is not null;

    private async Task<AcmeAccount> AgreeAgainAsync(AcmeAccount existing, AccountInputJson input, AcmeRequest request, CancellationToken ct) =>
        input.OnlyReturnExisting is not true && rules.FindNewlyAgreed(input, existing) is { } terms
            ? await ChangeAsync(existing.Id, request, (account, rows) => Agree(account, terms, request, clock.GetUtcNow(), rows), ct)
            : existing;

    /// <summary>7.3.2, 7.3.3, 7.3.6: new contacts, agreement to the terms as they are now, or the account's end.</summary>
    /// <exception cref="AcmeException">invalidContact, unsupportedContact; unauthorized when it has been ended meanwhile.</exception>
    public async Task<AcmeAccount> UpdateAsync(AccountInputJson input, AcmeRequest request, CancellationToken ct)
    {
        if (input.Status == "deactivated") return await DeactivateAsync(request, ct);
        var contacts = input.Contact is { } wanted ? ContactRules.Check(wanted) : null;
        var terms = rules.FindNewlyAgreed(input, request.Signer);
        if (contacts is null && terms is null) return request.Signer;
        return await ChangeAsync(request.Signer.Id, request, (account, rows) =>
        {
            var now = clock.GetUtcNow();
            if (contacts is not null)
            {
                account.ChangeContacts(contacts);
                rows.Add(AuditRecord.Of(AuditAction.AcmeAccountChanged, request.Actor, "acme-account", account.Id, now, string.Join(", ", account.Contacts)));
            }

            if (terms is not null) Agree(account, terms, request, now, rows);
        }, ct);
    }

    /// <summary>7.3.6. Its orders can't be carried on, since nobody can sign for them.</summary>
    private Task<AcmeAccount> DeactivateAsync(AcmeRequest request, CancellationToken ct) => ChangeAsync(request.Signer.Id, request, (account, rows) =>
    {
        account.Deactivate();
        rows.Add(AuditRecord.Of(AuditAction.AcmeAccountDeactivated, request.Actor, "acme-account", account.Id, clock.GetUtcNow(), string.Join(", ", account.Contacts)));
    }, ct);

    private static void Agree(AcmeAccount account, string terms, AcmeRequest request, DateTimeOffset now, DbSet<AuditRecord> rows)
    {
        account.AgreeTo(terms, now);
        rows.Add(AuditRecord.Of(AuditAction.AcmeTermsAgreed, request.Actor, "acme-account", account.Id, now, terms));
    }

    private async Task<AcmeAccount> ChangeAsync(Guid id, AcmeRequest request, Action<AcmeAccount, DbSet<AuditRecord>> change, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var account = await db.AcmeAccounts.SingleAsync(candidate => candidate.Id == id, ct);
        change(account, db.AuditRecords);
        account.SeenFrom(request.Actor.Address, request.UserAgent);
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw AcmeAccountErrors.Busy();
        }
        finally
        {
            cache.Forget(account.Id);
        }

        return account;
    }

    private async Task<AcmeAccount?> FindByKeyAsync(AcmeRequest request, CancellationToken ct)
    {
        var (thumbprint, directory) = (request.Key.Thumbprint, request.Links.BasePath);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var account = await db.AcmeAccounts.AsNoTracking().SingleOrDefaultAsync(candidate => candidate.Thumbprint == thumbprint && candidate.Directory == directory, ct);
        account?.RequireValid();
        return account;
    }

    /// <summary>Two requests with the same key at once make one account; a credential's last use goes to one of them.</summary>
    private async Task<(AcmeAccount Account, bool IsNew)> SaveNewAsync(PortalDbContext db, AcmeAccount account, AcmeRequest request, CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return (account, true);
        }
        catch (DbUpdateException error)
        {
            if (await FindByKeyAsync(request, ct) is { } existing) return (existing, false);
            if (error is DbUpdateConcurrencyException) throw AcmeAccountErrors.Busy();
            throw;
        }
    }
}

/// <summary>What this server asks of new accounts.</summary>
internal sealed class NewAccountRules(AccountKeyPolicy keys, AcmeLimits limits, IOptions<AcmeOptions> options, IOptions<PortalOptions> portal)
{
    /// <exception cref="AcmeException">rateLimited: too many new accounts from this address.</exception>
    public void TakeTurn(string? address) => limits.TakeFor(address, AcmeLimitKind.AccountsPerAddress);

    /// <exception cref="AcmeException">badPublicKey.</exception>
    public void RequireKey(AcmeJwk key) => keys.Require(key);

    /// <returns>The terms that are agreed to; null when there are none.</returns>
    /// <exception cref="AcmeException">userActionRequired.</exception>
    public string? RequireTerms(AccountInputJson input) => options.Value.TermsOfService switch
    {
        { } terms when input.TermsOfServiceAgreed is not true => throw AcmeAccountErrors.TermsNotAgreed(terms),
        var terms => terms,
    };

    /// <summary>7.3.3.</summary>
    /// <returns>The terms as they are now, when the client agrees to them and the account has not yet; else null.</returns>
    public string? FindNewlyAgreed(AccountInputJson input, AcmeAccount account) =>
        input.TermsOfServiceAgreed is true && options.Value.TermsOfService is { } terms && terms != account.AgreedTerms ? terms : null;

    /// <exception cref="AcmeException">externalAccountRequired, naming the page to ask on.</exception>
    public void RequireBinding(AccountInputJson input)
    {
        if (options.Value.ExternalAccountRequired && input.ExternalAccountBinding is not { ValueKind: not JsonValueKind.Null })
            throw AcmeAccountErrors.BindingRequired(portal.Value.Link(options.Value.NamespacePage));
    }
}
