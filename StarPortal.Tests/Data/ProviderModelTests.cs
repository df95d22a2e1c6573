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

    private static string Quoted(DatabaseProvider provider, string name) => provider is DatabaseProvider.SqlServer ? $"[{name}]" : $"\"{name}\"";

    private static PortalDbContext Offline(DatabaseProvider provider) => provider switch
    {
        DatabaseProvider.Sqlite => new SqliteDesignTime().CreateDbContext([]),
        DatabaseProvider.PostgreSql => new PostgreSqlDesignTime().CreateDbContext([]),
        DatabaseProvider.SqlServer => new SqlServerDesignTime().CreateDbContext([]),
    };
}
