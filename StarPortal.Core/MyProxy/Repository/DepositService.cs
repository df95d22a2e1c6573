using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>PUT and STORE: a client keeps a credential here, under a user name that is free or has a credential of the same owner.</summary>
public sealed class DepositService(
    IDbContextFactory<PortalDbContext> contexts, ServerPolicies policies, CredentialDeposit deposit, DepositChecks checks, IOptions<MyProxyOptions> options)
{
    private const int MaxTries = 20;

    /// <summary>Before the client is asked for anything: whether what it is going to send would be taken.</summary>
    /// <exception cref="ServiceException">Forbidden, Conflict, Invalid, TooMany.</exception>
    public async Task AuthoriseAsync(MyProxyRequest request, MyProxyClient client, CancellationToken ct)
    {
        policies.RequireAccepted(client);
        var key = CredentialKey.Of(request);
        CredentialTerms.Of(request);
        if (request.Command is MyProxyCommand.Put) PassphraseRules.Require(request.Passphrase, options.Value.AllowPassphraseless);
        await using var db = await contexts.CreateDbContextAsync(ct);
        await RequireRoomAsync(db, key, client, ct);
    }

    /// <summary>PUT: a proxy of the client's, whose key was made here.</summary>
    /// <exception cref="ServiceException">As <see cref="AuthoriseAsync"/>; Invalid, when the chain is not good.</exception>
    public async Task StoreProxyAsync(MyProxyRequest request, MyProxyClient client, RSA key, IReadOnlyList<byte[]> chainLeafFirst, CancellationToken ct)
    {
        await AuthoriseAsync(request, client, ct);
        await StoreAsync(request, client, await checks.CheckProxyAsync(request.Passphrase, client, key, chainLeafFirst, ct), ct);
    }

    /// <summary>STORE: a certificate with its key, which stays as it is.</summary>
    /// <param name="pem">The certificate, its key, the rest of the chain.</param>
    /// <exception cref="ServiceException">As above.</exception>
    public async Task StorePemAsync(MyProxyRequest request, MyProxyClient client, ReadOnlyMemory<byte> pem, CancellationToken ct)
    {
        await AuthoriseAsync(request, client, ct);
        await StoreAsync(request, client, await checks.CheckStoredAsync(Encoding.UTF8.GetString(pem.Span), ct), ct);
    }

    /// <summary>The old one or the new one, whole: of two that store at once, the later wins.</summary>
    private async Task StoreAsync(MyProxyRequest request, MyProxyClient client, CredentialContent content, CancellationToken ct)
    {
        var given = new NewCredential(CredentialKey.Of(request), client.Name, CredentialOrigin.Client, content, CredentialTerms.Of(request))
        {
            RequireReplaceable = known => RequireOwner(known.Owner, known.Origin, known.Key, client),
        };
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var db = await contexts.CreateDbContextAsync(ct);
                await using var transaction = await db.Database.BeginTransactionAsync(ct);
                await AuditChain.TakeTurnAsync(db, ct); // Whoever else stores waits: what is counted now holds until this is saved.
                await RequireRoomAsync(db, given.Key, client, ct);
                await deposit.AddAsync(db, given, (action, credential, now) => MyProxyAudit.Of(action, client, credential, now, $"{request.Command}, valid until {credential.NotAfter:u}"), ct);
                await db.SaveChangesAsync(ct);
                await transaction.CommitAsync(ct);
                return;
            }
            catch (DbUpdateException error) when (tries < MaxTries && RowConflict.IsLostRace(error))
            {
                // Another one was stored under these names in between: that one is looked at now.
            }
        }
    }

    private async Task RequireRoomAsync(PortalDbContext db, CredentialKey key, MyProxyClient client, CancellationToken ct)
    {
        var (hash, ownerHash) = (key.Hash, CredentialKey.HashOf(client.Name));
        var known = await db.StoredCredentials.AsNoTracking().Where(credential => credential.NameHash == hash).Select(credential => new { credential.Owner, credential.Origin }).SingleOrDefaultAsync(ct);
        if (known is not null) RequireOwner(known.Owner, known.Origin, key, client);
        else if (await db.StoredCredentials.CountAsync(credential => credential.OwnerHash == ownerHash, ct) >= options.Value.MaxStoredPerOwner)
            throw MyProxyErrors.TooManyStored(options.Value.MaxStoredPerOwner);
    }

    private static void RequireOwner(string owner, CredentialOrigin origin, CredentialKey key, MyProxyClient client)
    {
        if (owner != client.Name) throw MyProxyErrors.StoredBySomebodyElse(key, client);
        if (origin is CredentialOrigin.Mirror) throw MyProxyErrors.IsCopy();
    }
}
