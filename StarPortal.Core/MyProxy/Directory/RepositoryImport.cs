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
                if (await ImportFileAsync(path, actor, ct)) done++;
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
    private async Task<bool> ImportFileAsync(string path, Actor actor, CancellationToken ct)
    {
        var entry = await StorageEntry.ReadAsync(path, ct);
        PassphraseRules.RequireAllowed(entry.Content.Key.Form, options.Value.AllowPassphraseless);
        await using var db = await contexts.CreateDbContextAsync(ct);
        var hash = entry.Key.Hash;
        var known = await db.StoredCredentials.AsNoTracking().SingleOrDefaultAsync(credential => credential.NameHash == hash, ct);
        if (known is { Origin: not CredentialOrigin.Import }) throw MyProxyErrors.StoredHereAlready(entry.Key);
        if (known is not null && IsSame(known, entry)) return false;

        var stored = await deposit.AddAsync(db, new NewCredential(entry.Key, entry.Data.Owner, CredentialOrigin.Import, entry.Content, entry.Data.Terms),
            (action, credential, now) => MyProxyAudit.Of(action, actor, credential, now, $"imported, valid until {credential.NotAfter:u}"), ct);
        stored.CarryLock(entry.LockMessage);
        await db.SaveChangesAsync(ct);
        return true;
    }

    /// <summary>The key may be another by now: a passphrase that was changed here stays.</summary>
    private static bool IsSame(StoredCredential known, StorageEntry entry) =>
        known.Owner == entry.Data.Owner && known.Terms == entry.Data.Terms && known.Chain.AsSpan().SequenceEqual(entry.Content.ChainBytes()) && (entry.LockMessage is null || known.LockMessage == entry.LockMessage);
}
