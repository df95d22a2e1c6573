using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using StarPortal.Core.Data;

namespace StarPortal.Core.Audit;

/// <summary>
/// Numbers and chains the audit records of a unit of work inside its own transaction. Writers take turns (SQLite has one writer by
/// nature, the others take a lock that lasts as long as the transaction), so that the chain has neither gap nor fork on any number of nodes.
/// </summary>
public sealed class AuditChain : SaveChangesInterceptor
{
    public static readonly string Origin = new('0', 64);

    /// <summary>An arbitrary number, the same on every node: the name of the lock.</summary>
    private const long LockKey = 0x5374_6172_4175_6469;

    private readonly ConditionalWeakTable<DbContext, IDbContextTransaction> ownTransactions = [];

    /// <summary>Numbers and chains records that are about to be written in the context's transaction, which takes its turn with the other writers.</summary>
    public static async Task SealAsync(PortalDbContext db, IReadOnlyList<AuditRecord> added, CancellationToken ct)
    {
        if (added.Count == 0) return;
        await TakeTurnAsync(db, ct);
        var last = await db.AuditRecords.AsNoTracking().OrderByDescending(record => record.Sequence)
            .Select(record => new { record.Sequence, record.Hash }).FirstOrDefaultAsync(ct);
        var (sequence, hash) = (last?.Sequence ?? 0, last?.Hash ?? Origin);
        foreach (var record in added)
        {
            record.Seal(++sequence, hash);
            hash = record.Hash;
        }
    }

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is PortalDbContext db) await SealAddedAsync(db, cancellationToken);
        return result;
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        eventData.Context is PortalDbContext db && Added(db).Count > 0
            ? throw new InvalidOperationException("Save audit records with SaveChangesAsync.")
            : result;

    public override async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (TakeOwnTransaction(eventData.Context) is { } transaction)
        {
            await using (transaction) await transaction.CommitAsync(cancellationToken);
        }

        return result;
    }

    public override async Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default) =>
        await RollBackAsync(eventData.Context);

    public override async Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default) =>
        await RollBackAsync(eventData.Context);

    private async Task SealAddedAsync(PortalDbContext db, CancellationToken ct)
    {
        var added = Added(db);
        if (added.Count == 0) return;

        if (db.Database.CurrentTransaction is null) ownTransactions.AddOrUpdate(db, await db.Database.BeginTransactionAsync(ct));
        await SealAsync(db, added, ct);
    }

    private static List<AuditRecord> Added(PortalDbContext db) =>
        [.. db.ChangeTracker.Entries<AuditRecord>().Where(entry => entry.State is EntityState.Added).Select(entry => entry.Entity)];

    /// <summary>In a transaction of the caller's: until it ends, nobody else saves anything that is audited. What is counted after it holds.</summary>
    internal static Task TakeTurnAsync(PortalDbContext db, CancellationToken ct) => db switch
    {
        PostgreSqlPortalDbContext => db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})", ct),
        SqlServerPortalDbContext => db.Database.ExecuteSqlAsync(
            $"EXEC sp_getapplock @Resource = 'AuditChain', @LockMode = 'Exclusive', @LockOwner = 'Transaction'", ct),
        _ => Task.CompletedTask, // SQLite: BeginTransaction is BEGIN IMMEDIATE, the one writer's turn.
    };

    /// <summary>Contexts are pooled: what a save left behind that ended with a conflict, of which EF tells nobody, was ended with the context's former life.</summary>
    private IDbContextTransaction? TakeOwnTransaction(DbContext? db)
    {
        if (db is null || !ownTransactions.TryGetValue(db, out var transaction)) return null;
        ownTransactions.Remove(db);
        return ReferenceEquals(transaction, db.Database.CurrentTransaction) ? transaction : null;
    }

    private async Task RollBackAsync(DbContext? db)
    {
        if (TakeOwnTransaction(db) is { } transaction) await transaction.DisposeAsync();
    }
}
