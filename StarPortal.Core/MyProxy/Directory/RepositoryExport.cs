using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Writes the repository as the storage directory of a genuine server, which serves it as it stands: keys under the passphrases that they have, each file whole under its name or not there. Run again,
/// it writes what has changed and removes what is here no more, of its own files only.
/// </summary>
public sealed class RepositoryExport(IDbContextFactory<PortalDbContext> contexts, CredentialVault vault, TimeProvider clock) : IDisposable
{
    /// <summary>Exports of this process wait for each other; another process's is told of.</summary>
    private readonly SemaphoreSlim turn = new(1);

    public void Dispose() => turn.Dispose();

    /// <exception cref="ServiceException">Forbidden; Invalid: no directory can be made there; Conflict: another export is at work in it.</exception>
    public Task<DirectoryReport> ExportAsync(string directory, Actor actor, CancellationToken ct) => ExportAsync(directory, actor, (_, _) => null, ct);

    /// <param name="limit">Of how many that are here no more, and how many there are; says a sentence when so many may not be removed.</param>
    /// <exception cref="ServiceException">As above.</exception>
    public Task<DirectoryReport> ExportAsync(string directory, Actor actor, Func<int, int, string?> limit, CancellationToken ct)
    {
        actor.RequireAdministrator();
        return TakeTurnAsync(() => WriteAllAsync(directory, actor, limit, ct), ct);
    }

    /// <summary>Of some credentials, which may be here no more.</summary>
    /// <exception cref="ServiceException">As above.</exception>
    public Task<DirectoryReport> UpdateAsync(string directory, IReadOnlyCollection<CredentialKey> keys, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        return TakeTurnAsync(() => WriteSomeAsync(directory, keys, actor, ct), ct);
    }

    private async Task<DirectoryReport> TakeTurnAsync(Func<Task<DirectoryReport>> export, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            return await export();
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<DirectoryReport> WriteAllAsync(string directory, Actor actor, Func<int, int, string?> limit, CancellationToken ct)
    {
        using var target = StorageTarget.Open(directory);
        List<string> problems = [];
        HashSet<string> places = new(StringComparer.Ordinal);
        var (done, unchanged) = (0, 0);
        var strangers = await target.AnnounceAsync(await ReadPlacesAsync(ct), ct);
        await using (var db = await contexts.CreateDbContextAsync(ct))
        {
            await foreach (var credential in ServedCredentials.Of(db, clock.GetUtcNow()).AsNoTracking().OrderBy(credential => credential.NameHash).AsAsyncEnumerable().WithCancellation(ct))
            {
                var place = StorageFileName.Of(credential.Key);
                if (strangers.Contains(place)) problems.Add(Stranger(credential.Key, place));
                else if (!places.Add(place)) problems.Add($"{MyProxyAudit.Describe(credential.Key)}: another credential has the file name {place}.");
                else if (await WriteAsync(target, place, credential, ct)) done++;
                else unchanged++;
            }
        }

        var others = await target.FindOthersAsync(places, ct);
        var problem = limit(others.Count, others.Count + places.Count);
        if (problem is not null) problems.Add(problem);
        var removed = problem is null ? await target.RemoveAsync(others, places, ct) : 0;
        await RecordAsync(actor, $"{places.Count} credentials to {directory}", ct);
        return new DirectoryReport(done, unchanged, removed, problems);
    }

    private async Task<DirectoryReport> WriteSomeAsync(string directory, IReadOnlyCollection<CredentialKey> keys, Actor actor, CancellationToken ct)
    {
        using var target = StorageTarget.Open(directory);
        List<string> problems = [];
        var (done, unchanged, removed) = (0, 0, 0);
        var strangers = await target.AnnounceAsync([.. keys.Select(StorageFileName.Of)], ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        foreach (var key in keys)
        {
            var (place, hash) = (StorageFileName.Of(key), key.Hash);
            var credential = await ServedCredentials.Of(db, clock.GetUtcNow()).AsNoTracking().SingleOrDefaultAsync(candidate => candidate.NameHash == hash, ct);
            if (credential is null) removed += await target.RemoveAsync(place, key, ct) ? 1 : 0;
            else if (strangers.Contains(place)) problems.Add(Stranger(key, place));
            else if (await WriteAsync(target, place, credential, ct)) done++;
            else unchanged++;
        }

        await RecordAsync(actor, $"{done} credentials to {directory}, {removed} removed", ct);
        return new DirectoryReport(done, unchanged, removed, problems);
    }

    private async Task RecordAsync(Actor actor, string detail, CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.AuditRecords.Add(MyProxyAudit.Of(AuditAction.MyProxyExported, actor, null, clock.GetUtcNow(), detail));
        await db.SaveChangesAsync(ct);
    }

    private async Task<IReadOnlyCollection<string>> ReadPlacesAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var names = await db.StoredCredentials.AsNoTracking().Select(credential => new CredentialKey(credential.UserName, credential.CredentialName)).ToListAsync(ct);
        return names.ConvertAll(StorageFileName.Of);
    }

    private async Task<bool> WriteAsync(StorageTarget target, string place, StoredCredential credential, CancellationToken ct)
    {
        // A lock comes first, and goes last, so that there is no instant without it.
        var isLocked = credential.LockMessage is not null;
        var changed = isLocked && await target.WriteAsync(place + StorageFileName.Lock, Encoding.UTF8.GetBytes(credential.LockMessage!), ct);
        changed |= await target.WriteAsync(place + StorageFileName.Data, Encoding.UTF8.GetBytes(StorageData.Write(credential)), ct);
        changed |= await target.WriteAsync(place + StorageFileName.Credentials, Encoding.ASCII.GetBytes(CredentialPem.Write(CredentialChain.Split(credential.Chain), vault.Unseal(credential))), ct);
        return changed | (!isLocked && await target.WriteAsync(place + StorageFileName.Lock, null, ct));
    }

    private static string Stranger(CredentialKey key, string place) => $"{MyProxyAudit.Describe(key)}: {place} is there already and was not written from here; it was left alone.";
}
