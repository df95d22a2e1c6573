using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;

namespace StarPortal.Tests.Support;

/// <summary>A database that refuses some writes for a reason of its own, until it is told otherwise: as one does whose disk is full.</summary>
public sealed class RefusingDatabase(PortalDbContext db) : IAsyncDisposable
{
    private readonly List<(string Name, string Table)> triggers = [];

    private bool IsPostgres => db is PostgreSqlPortalDbContext;

    /// <param name="verb">INSERT or UPDATE.</param>
    /// <param name="condition">SQL over the row that comes, NEW; default: every row.</param>
    public async Task RefuseAsync(string verb, string table, string condition = "1 = 1")
    {
        var name = $"refuse_{triggers.Count}";
        await RunAsync(IsPostgres
            ? $"""
               CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
               CREATE TRIGGER {name} BEFORE {verb} ON "{table}" FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION refuse();
               """
            : $"CREATE TRIGGER {name} BEFORE {verb} ON \"{table}\" WHEN {condition} BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;");
        triggers.Add((name, table));
    }

    public async Task RelentAsync()
    {
        foreach (var (name, table) in triggers) await RunAsync(IsPostgres ? $"DROP TRIGGER {name} ON \"{table}\"" : $"DROP TRIGGER {name}");
        triggers.Clear();
    }

    /// <summary>The deed ends with the database's refusal, however the provider wraps it.</summary>
    public static async Task RequireRefusedAsync(Func<Task> act)
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(act);
        while (error is not DbUpdateException && error.InnerException is { } inner) error = inner;
        Assert.Matches("disk is full|No space left", Assert.IsType<DbUpdateException>(error).InnerException!.Message);
    }

    public ValueTask DisposeAsync() => db.DisposeAsync();

#pragma warning disable EF1002 // Names and conditions are the tests' own.
    private Task<int> RunAsync(string sql) => db.Database.ExecuteSqlRawAsync(sql);
#pragma warning restore EF1002
}
