using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Takes over the storage directory of a genuine server. Keys stay under the passphrases that they have; those in OpenSSL's own format are written anew at the first logon. May be run again: what
/// was imported before follows the directory, what the portal or a client stored is left alone.
/// </summary>
public sealed class RepositoryImport(IDbContextFactory<PortalDbContext> contexts, CredentialDeposit deposit, IOptions<MyProxyOptions> options)
{
    private const int MaxTries = 20;

    /// <exception cref="ServiceException">Forbidden; Invalid: no directory.</exception>
    public async Task<DirectoryReport> ImportAsync(string directory, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        if (!Directory.Exists(directory)) throw MyProxyErrors.BadDirectory(directory, "there is no such directory.");
        var (done, unchanged) = (0, 0);
        List<string> problems = [];
        foreach (var path in Directory.EnumerateFiles(directory, $"*{StorageFileName.Credentials}").Order(StringComparer.Ordinal))
        {
            try
            {
                if (await ImportFileAsync(await StorageEntry.ReadAsync(path, ct), actor, ct)) done++;
                else unchanged++;
            }
            catch (ServiceException problem)
            {
                problems.Add($"{Path.GetFileName(path)}: {problem.Message.ReplaceLineEndings(" ")}");
            }
        }

        return new DirectoryReport(done, unchanged, 0, problems);
    }

    /// <returns>False: it is here already.</returns>
    private async Task<bool> ImportFileAsync(StorageEntry entry, Actor actor, CancellationToken ct)
    {
        PassphraseRules.RequireAllowed(entry.Content.Key.Form, options.Value.AllowPassphraseless);
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await StoreAsync(entry, actor, ct);
            }
            catch (DbUpdateException error) when (tries < MaxTries && RowConflict.IsLostRace(error))
            {
                // A client stored something under these names in between: that is looked at now.
            }
        }
    }

    private async Task<bool> StoreAsync(StorageEntry entry, Actor actor, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var hash = entry.Key.Hash;
        var known = await db.StoredCredentials.AsNoTracking().SingleOrDefaultAsync(credential => credential.NameHash == hash, ct);
        if (known is not null) RequireImported(known);
        if (known is not null && IsSame(known, entry)) return false;

        var stored = await deposit.AddAsync(db, new NewCredential(entry.Key, entry.Data.Owner, CredentialOrigin.Import, entry.Content, entry.Data.Terms) { RequireReplaceable = RequireImported },
            (action, credential, now) => MyProxyAudit.Of(action, actor, credential, now, $"imported, valid until {credential.NotAfter:u}"), ct);
        stored.CarryLock(entry.LockMessage);
        await db.SaveChangesAsync(ct);
        return true;
    }

    private static void RequireImported(StoredCredential known)
    {
        if (known.Origin is not CredentialOrigin.Import) throw MyProxyErrors.StoredHereAlready(known.Key);
    }

    /// <summary>The key may be another by now: a passphrase that was changed here stays.</summary>
    private static bool IsSame(StoredCredential known, StorageEntry entry) =>
        known.Owner == entry.Data.Owner && known.Terms == entry.Data.Terms && known.Chain.AsSpan().SequenceEqual(entry.Content.ChainBytes()) && (entry.LockMessage is null || known.LockMessage == entry.LockMessage);
}
