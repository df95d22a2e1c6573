using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StarPortal.Core.Shared;

namespace StarPortal.Core.Data;

/// <summary>Brings the database to this version's schema, before anything listens.</summary>
public sealed class DatabaseSetup(IDbContextFactory<PortalDbContext> contexts, IOptions<PortalOptions> portal)
{
    public async Task MigrateAsync(CancellationToken ct)
    {
        PrivateDirectory.Create(portal.Value.PathOf());
        await using var db = await contexts.CreateDbContextAsync(ct);
        if (!(await db.Database.GetPendingMigrationsAsync(ct)).Any()) return;

        if (db is SqlitePortalDbContext) await MigrateSqliteAsync(db, ct);
        else await db.Database.MigrateAsync(ct);
    }

    /// <summary>
    /// On SQLite, EF marks a migration under way by a row that a killed process leaves behind, and the next start would wait for ever. A file
    /// lock, which dies with its process, says whether anybody is really at it; then such a row is stale.
    /// </summary>
    private async Task MigrateSqliteAsync(PortalDbContext db, CancellationToken ct)
    {
        await using var turn = OpenLock(portal.Value.PathOf("migration.lock"));
        await db.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", ct);
        await db.Database.MigrateAsync(ct);
    }

    private static FileStream OpenLock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new ServiceException(ErrorKind.Unavailable, $"Another process is bringing this database up to date ({error.Message}). Start again when it has finished.");
        }
    }
}
