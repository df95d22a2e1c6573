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
    private readonly Dictionary<string, DbCommand> prepared = new(StringComparer.Ordinal);

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
            var command = CommandFor(statement.Text);
            command.Transaction = transaction;
            command.Parameters.Clear();
            statement.AddParameters(command.Parameters, command);
            RequireOne(await command.ExecuteNonQueryAsync());
        }
    }

    /// <summary>Where the database is elsewhere: one round trip.</summary>
    private async Task ExecuteTogetherAsync(IReadOnlyList<RowStatement> statements, DbTransaction transaction)
    {
        var connection = db.Database.GetDbConnection();
        await using var factory = connection.CreateCommand();
        await using var batch = connection.CreateBatch();
        batch.Transaction = transaction;
        foreach (var statement in statements)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = statement.Text;
            statement.AddParameters(command.Parameters, factory);
            batch.BatchCommands.Add(command);
        }

        if (db is PostgreSqlPortalDbContext) await batch.PrepareAsync();
        await batch.ExecuteNonQueryAsync();
        foreach (var command in batch.BatchCommands) RequireOne(command.RecordsAffected);
    }

    private DbCommand CommandFor(string text)
    {
        if (prepared.TryGetValue(text, out var command)) return command;
        command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = text;
        return prepared[text] = command;
    }

    private static void RequireOne(int affected)
    {
        if (affected != 1) throw new DbUpdateConcurrencyException("The row was changed by somebody else, or is gone.");
    }
}
