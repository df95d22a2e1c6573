using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using StarPortal.Core.Audit;

namespace StarPortal.Core.Data;

/// <summary>
/// Writes rows in transactions of its own on one connection that stays open, by statements that stay prepared. One caller at a time; after an
/// error it is of no use any more.
/// </summary>
internal sealed class RowWriter : IAsyncDisposable
{
    private readonly PortalDbContext db;
    private readonly ISqlGenerationHelper sql;
    private readonly Dictionary<Type, RowTable[]> tables = [];
    private readonly Dictionary<RowShape, DbCommand> prepared = [];

    /// <param name="db">Goes with the writer; gives the model and the connection and tracks nothing.</param>
    public RowWriter(PortalDbContext db)
    {
        this.db = db;
        sql = db.GetService<ISqlGenerationHelper>();
    }

    /// <summary>All of them or none; audit records are numbered and chained.</summary>
    /// <exception cref="DbUpdateException">The database refused one; <see cref="DbUpdateConcurrencyException"/>: a row is no longer as it was.</exception>
    public async Task SaveAsync(IReadOnlyList<RowChange> changes)
    {
        if (db.Database.GetDbConnection().State is not System.Data.ConnectionState.Open) await db.Database.OpenConnectionAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await AuditChain.SealAsync(db, [.. changes.Select(change => change.After).OfType<AuditRecord>()], CancellationToken.None);
        try
        {
            await ExecuteAsync([.. changes.SelectMany(Write)], transaction.GetDbTransaction());
        }
        catch (DbException error)
        {
            throw new DbUpdateException("The database refused a row.", error);
        }

        await transaction.CommitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var command in prepared.Values) await command.DisposeAsync();
        await db.DisposeAsync();
    }

    private IEnumerable<RowStatement> Write(RowChange change)
    {
        var type = change.After.GetType();
        if (!tables.TryGetValue(type, out var known))
            tables[type] = known = RowTable.Of(db.Model.FindEntityType(type) ?? throw new InvalidOperationException($"{type} is no entity."), sql);
        return known.Select(table => table.Write(change)).OfType<RowStatement>();
    }

    private Task ExecuteAsync(IReadOnlyList<RowStatement> statements, DbTransaction transaction) =>
        db.Database.GetDbConnection().CanCreateBatch ? ExecuteTogetherAsync(statements, transaction) : ExecuteInTurnAsync(statements, transaction);

    /// <summary>Where the database is in this process: SQLite.</summary>
    private async Task ExecuteInTurnAsync(IReadOnlyList<RowStatement> statements, DbTransaction transaction)
    {
        foreach (var statement in statements)
        {
            var command = CommandFor(statement.Shape);
            command.Transaction = transaction;
            for (var i = 0; i < statement.Values.Length; i++) command.Parameters[i].Value = statement.Shape.Columns[i].ToStored(statement.Values[i]) ?? DBNull.Value;
            Require(1, await command.ExecuteNonQueryAsync());
        }
    }

    /// <summary>Where the database is elsewhere: one round trip.</summary>
    private async Task ExecuteTogetherAsync(IReadOnlyList<RowStatement> statements, DbTransaction transaction)
    {
        var connection = db.Database.GetDbConnection();
        await using var factory = connection.CreateCommand();
        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        List<int> expected = [];
        foreach (var run in RunsOf(statements))
        {
            var command = batch.CreateBatchCommand();
            if (run.Count > 1) RowArrays.Fill(command, run);
            else Fill(command, run[0], factory);
            batch.BatchCommands.Add(command);
            expected.Add(run.Count);
        }

        if (db is PostgreSqlPortalDbContext) await batch.PrepareAsync();
        await batch.ExecuteNonQueryAsync();
        for (var i = 0; i < expected.Count; i++) Require(expected[i], batch.BatchCommands[i].RecordsAffected);
    }

    private static void Fill(DbBatchCommand command, RowStatement statement, DbCommand factory)
    {
        command.CommandText = statement.Shape.Text;
        for (var i = 0; i < statement.Values.Length; i++) command.Parameters.Add(statement.Shape.Columns[i].ToParameter(factory, statement.Shape.Names[i], statement.Values[i]));
    }

    /// <summary>Neighbours of one shape go together where the database takes arrays.</summary>
    private IEnumerable<List<RowStatement>> RunsOf(IReadOnlyList<RowStatement> statements)
    {
        List<RowStatement> run = [];
        foreach (var statement in statements)
        {
            if (run.Count > 0 && (run[0].Shape != statement.Shape || db is not PostgreSqlPortalDbContext))
            {
                yield return run;
                run = [];
            }

            run.Add(statement);
        }

        if (run.Count > 0) yield return run;
    }

    private DbCommand CommandFor(RowShape shape)
    {
        if (prepared.TryGetValue(shape, out var command)) return command;
        command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = shape.Text;
        for (var i = 0; i < shape.Columns.Count; i++) command.Parameters.Add(shape.Columns[i].ToParameter(command, shape.Names[i], null));
        return prepared[shape] = command;
    }

    private static void Require(int expected, int affected)
    {
        if (affected != expected) throw new DbUpdateConcurrencyException("A row was changed by somebody else, or is gone.");
    }
}
