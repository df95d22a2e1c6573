using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using StarPortal.Core.Data;

namespace StarPortal.Tests.Data;

/// <summary>What can be said of each provider without a server. No SQL Server is at hand: for it this is all there is.</summary>
[Trait("Category", "Unit")]
public sealed class ProviderModelTests
{
    public static TheoryData<DatabaseProvider> All => [.. Enum.GetValues<DatabaseProvider>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Schema_HasEveryTableOfTheModel_OnEachProvider(DatabaseProvider provider)
    {
        using var db = Offline(provider);
        var script = db.Database.GenerateCreateScript();
        Assert.All(db.Model.GetEntityTypes().Select(type => type.GetTableName()!), table => Assert.Contains($"CREATE TABLE {Quoted(provider, table)}", script, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Migrations_LeadToTheModel_OnEachProvider(DatabaseProvider provider)
    {
        using var db = Offline(provider);
        var snapshot = db.GetService<IModelRuntimeInitializer>().Initialize(db.GetService<IMigrationsAssembly>().ModelSnapshot!.Model);
        Assert.Empty(db.GetService<IMigrationsModelDiffer>().GetDifferences(snapshot.GetRelationalModel(), db.GetService<IDesignTimeModel>().Model.GetRelationalModel())
            .Select(difference => $"{difference.GetType().Name}: the model has changed, run ./add-migration.sh NAME"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void MigrationScript_HasEveryTableOfTheModel_OnEachProvider(DatabaseProvider provider)
    {
        using var db = Offline(provider);
        var script = db.GetService<IMigrator>().GenerateScript();
        Assert.All(db.Model.GetEntityTypes().Select(type => type.GetTableName()!), table => Assert.Contains($"CREATE TABLE {Quoted(provider, table)}", script, StringComparison.Ordinal));
    }

    /// <summary>What SQLite runs outside the migration's transaction stays behind when the process dies, and the next start falls over it.</summary>
    [Fact]
    public void EverySqliteMigration_IsOneTransaction()
    {
        using var db = Offline(DatabaseProvider.Sqlite);
        var (assembly, generator) = (db.GetService<IMigrationsAssembly>(), db.GetService<IMigrationsSqlGenerator>());
        var runtime = db.GetService<IModelRuntimeInitializer>();
        foreach (var (id, type) in assembly.Migrations)
        {
            var migration = assembly.CreateMigration(type, db.Database.ProviderName!);
            var commands = generator.Generate(migration.UpOperations, runtime.Initialize(migration.TargetModel));
            Assert.All(commands, command => Assert.False(command.TransactionSuppressed, $"{id}: {command.CommandText}"));
        }
    }

    /// <summary>Some of them are written by hand.</summary>
    [Fact]
    public async Task SqliteMigrations_MakeTheTablesOfTheModel()
    {
        await using var migrated = InMemory();
        await migrated.Database.OpenConnectionAsync(Ct);
        await migrated.Database.MigrateAsync(Ct);
        await using var created = InMemory();
        await created.Database.OpenConnectionAsync(Ct);
        await created.Database.EnsureCreatedAsync(Ct);
        Assert.Equal(await SchemaAsync(created), await SchemaAsync(migrated));
    }

    /// <summary>There and back: how far each order has come goes with it.</summary>
    [Fact]
    public async Task StarSchedules_AreTakenFromTheOrders_AndGivenBack()
    {
        await using var db = InMemory();
        await db.Database.OpenConnectionAsync(Ct);
        var migrator = db.GetService<IMigrator>();
        await migrator.MigrateAsync("SubscribersYear", Ct);
        await db.Database.ExecuteSqlRawAsync("""
            PRAGMA foreign_keys = OFF;
            INSERT INTO "StarOrders" ("Id", "AccountId", "FetchId", "Status", "Names", "Profile", "EndDate", "Lifetime", "LifetimeAdjust", "AllowCertificateGet", "IsDraft", "NextSlot", "DueAt",
                "Trouble", "TroubleSince", "LastNotAfter", "CreatedAt", "Fetches")
            VALUES ('10000000-0000-0000-0000-000000000000', 'a', 'f', 'Active', 'n', 'p', 9, 1, 0, 1, 0, 7, 8, 'why', 5, 6, 1, 0);
            """, Ct);
        const string progress = """SELECT "NextSlot" || ' ' || "DueAt" || ' ' || "Trouble" || ' ' || "TroubleSince" || ' ' || "LastNotAfter" AS "Value" FROM """;

        await migrator.MigrateAsync(cancellationToken: Ct);
        Assert.Equal("7 8 why 5 6", await db.Database.SqlQueryRaw<string>(progress + "\"StarSchedules\"").SingleAsync(Ct));
        await migrator.MigrateAsync("SubscribersYear", Ct);
        Assert.Equal("7 8 why 5 6", await db.Database.SqlQueryRaw<string>(progress + "\"StarOrders\"").SingleAsync(Ct));
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static SqlitePortalDbContext InMemory() => new(new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite("Data Source=:memory:").Options);

    /// <returns>Each column, index and foreign key, a line each.</returns>
    private static Task<List<string>> SchemaAsync(PortalDbContext db) => db.Database.SqlQueryRaw<string>("""
        SELECT t.name || ' ' || c.name || ' ' || c.type || ' ' || c."notnull" || ' ' || c.pk AS "Value" FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'
        UNION ALL SELECT t.name || ' ' || i.name || ' ' || i."unique" || ' ' || i.partial || ' ' || group_concat(x.name)
            FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) x WHERE t.type = 'table' GROUP BY t.name, i.name
        UNION ALL SELECT t.name || ' ' || f."from" || ' to ' || f."table" || ' ' || f."to" || ' ' || f.on_delete FROM sqlite_master t, pragma_foreign_key_list(t.name) f
        ORDER BY 1
        """).Where(line => !line.StartsWith("__EF")).ToListAsync(Ct);

    private static string Quoted(DatabaseProvider provider, string name) => provider is DatabaseProvider.SqlServer ? $"[{name}]" : $"\"{name}\"";

    private static PortalDbContext Offline(DatabaseProvider provider) => provider switch
    {
        DatabaseProvider.Sqlite => new SqliteDesignTime().CreateDbContext([]),
        DatabaseProvider.PostgreSql => new PostgreSqlDesignTime().CreateDbContext([]),
        DatabaseProvider.SqlServer => new SqlServerDesignTime().CreateDbContext([]),
    };
}
