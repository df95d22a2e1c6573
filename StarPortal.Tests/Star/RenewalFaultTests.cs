using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StarPortal.Core.Data;
using StarPortal.Core.Star;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Star;

/// <summary>A database that refuses to write is told apart from somebody else who was faster: the engine waits, says so, and catches up.</summary>
[Trait("Category", "Unit")]
public sealed class RenewalFaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseProvider> Providers => TestDatabase.Providers;

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task DatabaseThatRefusesEverything_EndsTheRound_AndNothingIsLeftOut(DatabaseProvider provider)
    {
        await using var scene = await StarOrderScene.StartAsync(provider, ("Star:RenewalBatch", "2"));
        await BeginAsync(scene, 5);
        await using var database = new RefusingDatabase(scene.Portal.NewDb());
        await RefuseAllAsync(database);
        scene.Portal.Clock.Advance(TimeSpan.FromHours(3) + TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<DbUpdateException>(() => scene.Portal.Get<RenewalEngine>().RenewDueAsync(Ct));
        Assert.Equal(5, (await scene.Portal.Get<StarTroubles>().ReadAsync(Ct)).Late);
        await RequireSlotsAsync(scene, 5, 1);

        await database.RelentAsync();
        await scene.RenewAsync();
        Assert.Equal(StarTrouble.None, await scene.Portal.Get<StarTroubles>().ReadAsync(Ct));
        await RequireSlotsAsync(scene, 5, 2);
    }

    /// <summary>What stands against one order alone delays that one alone.</summary>
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task OrderWhoseCertificateIsRefused_Waits_AndTheOthersAreRenewed(DatabaseProvider provider)
    {
        await using var scene = await StarOrderScene.StartAsync(provider);
        await BeginAsync(scene, 4);
        await using var database = new RefusingDatabase(scene.Portal.NewDb());
        var refused = await IdOfAsync(scene, "s1.lab");
        await database.RefuseAsync("UPDATE", "StarSchedules", $"lower(CAST(NEW.\"Id\" AS TEXT)) = '{refused}' AND NEW.\"NextSlot\" > 1");
        await scene.PassAsync(TimeSpan.FromHours(3));
        var trouble = await scene.Portal.Get<StarTroubles>().ReadAsync(Ct);
        Assert.Equal((1, "The database refuses the next certificate; what it said has been logged.", 0), (trouble.Standing, trouble.Reason, trouble.Late));
        await using (var db = scene.Portal.NewDb()) Assert.Equal(3, await db.StarCertificates.CountAsync(certificate => certificate.Slot == 1, Ct));

        await database.RelentAsync();
        await scene.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(StarTrouble.None, await scene.Portal.Get<StarTroubles>().ReadAsync(Ct));
        await RequireSlotsAsync(scene, 4, 2);
    }

    [Fact]
    public async Task Worker_TellsWhenAFaultBegins_AndWhenItIsOver()
    {
        await using var scene = await StarOrderScene.StartAsync(settings: [("Star:RenewalBatch", "2")]);
        await BeginAsync(scene, 2);
        await using var database = new RefusingDatabase(scene.Portal.NewDb());
        await RefuseAllAsync(database);
        var log = new LogBook<RenewalWorker>();
        using var worker = new RenewalWorker(scene.Portal.Get<RenewalEngine>(), scene.Portal.Get<FetchCounter>(), scene.Portal.Get<StarMetrics>(), scene.Portal.Get<IOptions<StarOptions>>(), log);
        scene.Portal.Clock.Advance(TimeSpan.FromHours(3));
        for (var second = 0; second < 3; second++) await worker.TickAsync(Ct);
        Assert.Equal([(LogLevel.Error, "STAR renewals fail, and are tried again every second")], log.Entries);

        await database.RelentAsync();
        for (var second = 0; second < 3; second++) await worker.TickAsync(Ct);
        Assert.Equal((LogLevel.Information, "STAR renewals go on after 3 rounds that failed"), Assert.Single(log.Entries.Skip(1)));
        await RequireSlotsAsync(scene, 2, 2);
    }

    /// <summary>SQLITE_FULL itself, by a limit on the file's pages.</summary>
    [Fact]
    public async Task FullDisk_EndsTheRound_AndNothingIsLeftOut()
    {
        var disk = new FullDisk();
        await using var scene = await StarOrderScene.StartAsync(DatabaseProvider.Sqlite, services => services.AddSingleton<IInterceptor>(disk), ("Star:RenewalBatch", "20"));
        await BeginAsync(scene, 20);
        scene.Portal.Clock.Advance(TimeSpan.FromHours(16)); // Three slots of each: there is no room for so much in the pages that are there.
        disk.IsFull = true;
        await Assert.ThrowsAsync<DbUpdateException>(() => scene.Portal.Get<RenewalEngine>().RenewDueAsync(Ct));
        await RequireSlotsAsync(scene, 20, 1);

        disk.IsFull = false;
        await scene.PassAsync(TimeSpan.FromMinutes(1)); // What an order needs to say that it waits may have found room.
        await RequireSlotsAsync(scene, 20, 4);
    }

    private static async Task BeginAsync(StarOrderScene scene, int orders)
    {
        using var client = await scene.NewAccountAsync();
        for (var i = 0; i < orders; i++) await scene.BeginAsync(client, name: $"s{i}.lab.example.org");
    }

    private static async Task<Guid> IdOfAsync(StarOrderScene scene, string name)
    {
        await using var db = scene.Portal.NewDb();
        return await db.StarOrders.Where(order => order.Names.Contains(name)).Select(order => order.Id).SingleAsync(Ct);
    }

    private static async Task RefuseAllAsync(RefusingDatabase database)
    {
        await database.RefuseAsync("INSERT", "StarCertificates");
        await database.RefuseAsync("UPDATE", "StarSchedules");
    }

    private static async Task RequireSlotsAsync(StarOrderScene scene, int orders, int each)
    {
        await using var db = scene.Portal.NewDb();
        var slots = await db.StarCertificates.Select(certificate => new { certificate.OrderId, certificate.Slot }).ToListAsync(Ct);
        Assert.Equal(Enumerable.Repeat(each, orders), slots.GroupBy(slot => slot.OrderId).Select(order => order.Select(slot => slot.Slot).Distinct().Count()));
        Assert.Equal(orders * each, slots.Count);
        await AuditLog.RequireIntactAsync(db);
    }

    /// <summary>No connection that is opened while it is full may make the file longer.</summary>
    private sealed class FullDisk : DbConnectionInterceptor
    {
        public bool IsFull { get; set; }

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Limit(connection);

        public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            Limit(connection);
            return Task.CompletedTask;
        }

        private void Limit(DbConnection connection)
        {
            using var command = ((SqliteConnection)connection).CreateCommand();
            command.CommandText = IsFull ? "PRAGMA max_page_count = 1" : "PRAGMA max_page_count = 4294967294"; // Below what the file has: what the file has.
            command.ExecuteNonQuery();
        }
    }
}
