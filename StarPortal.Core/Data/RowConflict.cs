using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SQLitePCL;

namespace StarPortal.Core.Data;

/// <summary>Tells a save that somebody else forestalled from one that the database refused.</summary>
internal static class RowConflict
{
    /// <summary>The row is no longer as it was, or there is one by the same key already. Whoever reads again sees why.</summary>
    public static bool IsLostRace(Exception error) => error switch
    {
        DbUpdateConcurrencyException => true,
        DbUpdateException { InnerException: DbException refusal } => IsConflict(refusal),
        _ => false,
    };

    /// <summary>A unique key; and two transactions that waited for each other, of which the database ended this one.</summary>
    private static bool IsConflict(DbException refusal) => refusal switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is raw.SQLITE_CONSTRAINT_UNIQUE or raw.SQLITE_CONSTRAINT_PRIMARYKEY,
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected,
        SqlException server => server.Number is 2601 or 2627 or 1205,
        _ => false,
    };
}
