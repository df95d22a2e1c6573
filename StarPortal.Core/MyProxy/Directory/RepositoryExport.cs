using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Authority;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;

namespace StarPortal.Core.MyProxy;

/// <summary>
/// Writes the repository as the storage directory of a genuine server, which serves it as it stands: keys under the passphrases that they have, each file whole under its name or not there. Run again,
/// it writes what has changed and removes what is here no more, of its own files only.
/// </summary>
public sealed class RepositoryExport(IDbContextFactory<PortalDbContext> contexts, CredentialVault vault, TimeProvider clock)
{
    /// <exception cref="ServiceException">Forbidden; Invalid: no directory can be made there.</exception>
    public async Task<DirectoryReport> ExportAsync(string directory, Actor actor, CancellationToken ct)
    {
        actor.RequireAdministrator();
        var target = StorageTarget.Open(directory);
        List<string> problems = [];
        HashSet<string> places = new(StringComparer.Ordinal);
        var (done, unchanged) = (0, 0);
        await target.AnnounceAsync(await ReadPlacesAsync(ct), ct);
        await foreach (var credential in ReadAsync(ct))
        {
            var place = StorageFileName.Of(credential.Key);
            if (!places.Add(place)) problems.Add($"{MyProxyAudit.Describe(credential.Key)}: another credential has the file name {place}.");
            else if (await WriteAsync(target, place, credential, ct)) done++;
            else unchanged++;
        }

        var removed = await target.RemoveOthersAsync(places, ct);
        await using var db = await contexts.CreateDbContextAsync(ct);
        db.AuditRecords.Add(MyProxyAudit.Of(AuditAction.MyProxyExported, actor, null, clock.GetUtcNow(), $"{places.Count} credentials to {directory}"));
        await db.SaveChangesAsync(ct);
        return new DirectoryReport(done, unchanged, removed, problems);
    }

    private async Task<IReadOnlyList<string>> ReadPlacesAsync(CancellationToken ct)
    {
        await using var db = await contexts.CreateDbContextAsync(ct);
        var names = await db.StoredCredentials.AsNoTracking().Select(credential => new CredentialKey(credential.UserName, credential.CredentialName)).ToListAsync(ct);
        return [.. names.Select(StorageFileName.Of)];
    }

    /// <summary>Those that can be logged on to, and locked ones.</summary>
    private async IAsyncEnumerable<StoredCredential> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var db = await contexts.CreateDbContextAsync(ct);
        var revoked = db.IssuedCertificates.Where(certificate => certificate.RevokedAt != null).Select(certificate => (Guid?)certificate.Id);
        var rows = db.StoredCredentials.AsNoTracking().Where(credential => credential.NotAfter > now && !revoked.Contains(credential.CertificateId)).OrderBy(credential => credential.NameHash);
        await foreach (var credential in rows.AsAsyncEnumerable().WithCancellation(ct)) yield return credential;
    }

    private async Task<bool> WriteAsync(StorageTarget target, string place, StoredCredential credential, CancellationToken ct)
    {
        // A lock comes first, so that there is no instant without it.
        var changed = await target.WriteAsync(place + StorageFileName.Lock, credential.LockMessage is { } message ? Encoding.UTF8.GetBytes(message) : null, ct);
        changed |= await target.WriteAsync(place + StorageFileName.Data, Encoding.UTF8.GetBytes(StorageData.Write(credential)), ct);
        changed |= await target.WriteAsync(place + StorageFileName.Credentials, Encoding.ASCII.GetBytes(CredentialPem.Write(CredentialChain.Split(credential.Chain), vault.Unseal(credential))), ct);
        return changed;
    }
}
