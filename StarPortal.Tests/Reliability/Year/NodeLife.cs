using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace StarPortal.Tests.Reliability.Year;

/// <summary>
/// A node that dies at its n-th write after it was armed, as kill -9 would end it: in turn just before that write is durable and just after it. From then on it reaches neither
/// the database nor anybody's mailbox.
/// </summary>
internal sealed class NodeLife : IDbTransactionInterceptor, IDbCommandInterceptor, IDbConnectionInterceptor
{
    private int writesLeft = -1;
    private volatile bool isDead;

    public bool IsDead => isDead;

    /// <param name="writes">1: the next one. An even number dies before the write is durable.</param>
    public void DieAfter(int writes)
    {
        DiesBefore = writes % 2 == 0;
        Volatile.Write(ref writesLeft, writes);
    }

    private bool DiesBefore { get; set; }

    public void RequireAlive()
    {
        if (isDead) throw new NodeDiedException();
    }

    public ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        RequireAlive();
        if (DiesBefore) Count();
        return new(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (!DiesBefore) Count();
        return Task.CompletedTask;
    }

    public ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        RequireAlive();
        return new(result);
    }

    public ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        RequireAlive();
        return new(result);
    }

    /// <summary>A statement outside any transaction is durable by itself.</summary>
    public ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (command.Transaction is null && result > 0) Count();
        return new(result);
    }

    public ValueTask<InterceptionResult> ConnectionOpeningAsync(DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        RequireAlive();
        return new(result);
    }

    /// <summary>No power is cut here, and a year has some fifty thousand commits.</summary>
    public async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (connection is not SqliteConnection) return;
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = OFF";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Count()
    {
        if (Volatile.Read(ref writesLeft) <= 0 || Interlocked.Decrement(ref writesLeft) != 0) return;
        isDead = true;
        throw new NodeDiedException();
    }
}

/// <summary>What code sees that runs on in a process which is dead for all others.</summary>
internal sealed class NodeDiedException() : Exception("This node is dead.");
