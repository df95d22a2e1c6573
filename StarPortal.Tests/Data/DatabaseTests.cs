using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Data;

[Trait("Category", "Unit")]
public sealed class DatabaseTests
{
    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Instants_ComeBackEqualAndSort_OnEachProvider(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var later = portal.Clock.Now.AddHours(1).ToOffset(TimeSpan.FromHours(5));
        await using (var db = portal.NewDb())
        {
            db.Outbox.AddRange(OutboxItem.For("test", "late", 1, later), OutboxItem.For("test", "early", 2, portal.Clock.Now));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await using var again = portal.NewDb();
        var keys = await again.Outbox.OrderBy(item => item.DueAt).Where(item => item.DueAt <= later).Select(item => item.Key).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["early", "late"], keys);
        Assert.Equal(later, (await again.Outbox.SingleAsync(item => item.Key == "late", TestContext.Current.CancellationToken)).DueAt);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Migrations_LeadToTheModelInUse_OnEachProvider(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.BuildEmptyAsync(provider);
        await using var db = portal.NewDb();
        var before = db.GetService<IMigrationsAssembly>().ModelSnapshot!.Model;
        var differences = db.GetService<IMigrationsModelDiffer>().GetDifferences(
            db.GetService<IModelRuntimeInitializer>().Initialize(before).GetRelationalModel(), db.GetService<IDesignTimeModel>().Model.GetRelationalModel());
        Assert.Empty(db.GetService<IMigrationsSqlGenerator>().Generate(differences, db.GetService<IDesignTimeModel>().Model).Select(command => command.CommandText));
    }

    [Fact]
    public async Task Start_GoesOn_WhenAnEarlierOneDiedWhileMigrating()
    {
        await using var portal = await TestPortal.BuildEmptyAsync(DatabaseProvider.Sqlite);
        await using (var db = portal.NewDb())
        {
            await db.Database.ExecuteSqlRawAsync(
                "CREATE TABLE __EFMigrationsLock (Id INTEGER PRIMARY KEY, Timestamp TEXT); INSERT INTO __EFMigrationsLock VALUES (1, 'then')", TestContext.Current.CancellationToken);
        }

        await portal.Get<DatabaseSetup>().MigrateAsync(TestContext.Current.CancellationToken);

        await using var again = portal.NewDb();
        Assert.Empty(await again.Outbox.ToListAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task AuditRecords_FormOneChain_WhenManyWriteAtOnce(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async number =>
        {
            await using var db = portal.NewDb();
            db.AuditRecords.Add(AuditRecord.Of(AuditAction.ClockWound, Actor.System("test"), "test", $"{number}", portal.Clock.Now));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }));

        await using var again = portal.NewDb();
        var records = await again.AuditRecords.OrderBy(record => record.Sequence).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, records.Count).Select(number => (long)number), records.Select(record => record.Sequence));
        Assert.All(records, record => Assert.Equal(record.ComputeHash(), record.Hash));
        Assert.All(records.Zip(records.Skip(1)), pair => Assert.Equal(pair.First.Hash, pair.Second.PreviousHash));
    }
}
