using Microsoft.Data.Sqlite;
using Npgsql;
using StarPortal.Core.Data;

namespace StarPortal.Tests.Support;

/// <summary>
/// A database of one test: a SQLite file, or a fresh database on the PostgreSQL server that STARPORTAL_TEST_POSTGRES names by a connection
/// string. STARPORTAL_TEST_DATABASE=PostgreSql makes PostgreSQL the default of every test that does not choose.
/// </summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string? name;

    private TestDatabase(DatabaseProvider provider, string connectionString, string? name) =>
        (Provider, ConnectionString, this.name) = (provider, connectionString, name);

    public static DatabaseProvider DefaultProvider { get; } =
        Enum.TryParse<DatabaseProvider>(Environment.GetEnvironmentVariable("STARPORTAL_TEST_DATABASE"), ignoreCase: true, out var chosen) ? chosen : DatabaseProvider.Sqlite;

    public static string? PostgresServer { get; } = Environment.GetEnvironmentVariable("STARPORTAL_TEST_POSTGRES");

    /// <summary>For <c>[MemberData]</c> of tests that have to hold on each provider: both, or the one that this run is for.</summary>
    public static TheoryData<DatabaseProvider> Providers => DefaultProvider is DatabaseProvider.Sqlite ? [DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql] : [DefaultProvider];

    public DatabaseProvider Provider { get; }

    public string ConnectionString { get; }

    /// <param name="folder">Where a SQLite file goes.</param>
    /// <param name="provider">Skips the test, saying why, when it is PostgreSQL and no server is named.</param>
    /// <param name="template">A database to copy; null for an empty one.</param>
    public static async Task<TestDatabase> CreateAsync(TestFolder folder, DatabaseProvider? provider = null, TestDatabase? template = null)
    {
        if ((provider ?? DefaultProvider) is DatabaseProvider.Sqlite)
            return new(DatabaseProvider.Sqlite, new SqliteConnectionStringBuilder { DataSource = folder["portal.db"] }.ToString(), name: null);

        Assert.SkipWhen(PostgresServer is null, "No PostgreSQL server: set STARPORTAL_TEST_POSTGRES to a connection string, or run ./test.sh, which starts one.");
        var name = $"starportal_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name}{(template is null ? "" : $" TEMPLATE {template.name}")}");
        var connection = new NpgsqlConnectionStringBuilder(PostgresServer) { Database = name, MaxPoolSize = 20 };
        return new(DatabaseProvider.PostgreSql, connection.ToString(), name);
    }

    public async ValueTask DisposeAsync()
    {
        if (name is null)
        {
            SqliteConnection.ClearPool(new SqliteConnection(ConnectionString));
            return;
        }

        CloseConnections();
        await ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");
    }

    /// <summary>Lets go of pooled connections: a database that serves as a template has to be unused.</summary>
    public void CloseConnections()
    {
        if (name is not null) NpgsqlConnection.ClearPool(new NpgsqlConnection(ConnectionString));
        else SqliteConnection.ClearPool(new SqliteConnection(ConnectionString));
    }

    private static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresServer);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The names are made above from random hex digits; identifiers can't be parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
