using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Audit;

[Trait("Category", "Unit")]
public sealed class AuditVerifierTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Verify_FindsEveryRecordSound_WhenNobodyTouchedThem(DatabaseProvider provider)
    {
        await using var portal = await WithRecordsAsync(10, provider);
        var verdict = await portal.Get<AuditVerifier>().VerifyAsync(Ct);

        await using var db = portal.NewDb();
        var head = await db.AuditRecords.OrderByDescending(record => record.Sequence).FirstAsync(Ct);
        Assert.Equal((1, head.Sequence, head.Hash, null), (verdict.First, verdict.Count, verdict.HeadHash, verdict.Break));
    }

    [Fact]
    public async Task Verify_WalksManyBatches()
    {
        await using var portal = await WithRecordsAsync(4500);
        var verdict = await portal.Get<AuditVerifier>().VerifyAsync(Ct);
        Assert.Null(verdict.Break);
        Assert.True(verdict.Count >= 4500);
    }

    [Theory]
    [InlineData("UPDATE \"AuditRecords\" SET \"Detail\" = 'harmless' WHERE \"Sequence\" = {0}")]
    [InlineData("UPDATE \"AuditRecords\" SET \"Detail\" = NULL WHERE \"Sequence\" = {0}")]
    [InlineData("UPDATE \"AuditRecords\" SET \"ActorName\" = 'somebody' WHERE \"Sequence\" = {0}")]
    [InlineData("UPDATE \"AuditRecords\" SET \"ActorAddress\" = '198.51.100.1' WHERE \"Sequence\" = {0}")]
    [InlineData("UPDATE \"AuditRecords\" SET \"ObjectId\" = 'other' WHERE \"Sequence\" = {0}")]
    [InlineData("UPDATE \"AuditRecords\" SET \"Action\" = 'SignedIn' WHERE \"Sequence\" = {0}")]
    [InlineData("UPDATE \"AuditRecords\" SET \"Action\" = 'NoSuchAction' WHERE \"Sequence\" = {0}")]
    [InlineData("UPDATE \"AuditRecords\" SET \"At\" = \"At\" + 10000000 WHERE \"Sequence\" = {0}")]
    [InlineData("UPDATE \"AuditRecords\" SET \"Hash\" = \"PreviousHash\" WHERE \"Sequence\" = {0}")]
    [InlineData("UPDATE \"AuditRecords\" SET \"PreviousHash\" = \"Hash\" WHERE \"Sequence\" = {0}")]
    public async Task Verify_NamesTheEditedRecord(string tampering)
    {
        await using var portal = await WithRecordsAsync(10, DatabaseProvider.Sqlite);
        var target = await HeadAsync(portal) - 4;
        await ExecuteAsync(portal, string.Format(tampering, target));
        await AssertBreakAsync(portal, target, AuditBreakKind.Edited);
    }

    [Fact]
    public async Task Verify_NamesTheMissingNumber_WhenARecordWasDeleted()
    {
        await using var portal = await WithRecordsAsync(10);
        var target = await HeadAsync(portal) - 4;
        await ExecuteAsync(portal, $"DELETE FROM \"AuditRecords\" WHERE \"Sequence\" = {target}");
        await AssertBreakAsync(portal, target, AuditBreakKind.Removed);
    }

    [Fact]
    public async Task Verify_NamesTheFirst_WhenTheBeginningWasDeleted()
    {
        await using var portal = await WithRecordsAsync(10);
        await ExecuteAsync(portal, "DELETE FROM \"AuditRecords\" WHERE \"Sequence\" <= 3");
        await AssertBreakAsync(portal, 1, AuditBreakKind.Removed);
    }

    [Fact]
    public async Task Verify_SeesTheGap_WhenADeletedRecordsFollowersWereRenumbered()
    {
        await using var portal = await WithRecordsAsync(10);
        var head = await HeadAsync(portal);
        await ExecuteAsync(portal, $"DELETE FROM \"AuditRecords\" WHERE \"Sequence\" = {head - 1}");
        await ExecuteAsync(portal, $"UPDATE \"AuditRecords\" SET \"Sequence\" = {head - 1} WHERE \"Sequence\" = {head}");
        var verdict = await portal.Get<AuditVerifier>().VerifyAsync(Ct);
        Assert.Equal(head - 1, verdict.Break!.Sequence);
        Assert.NotEqual(AuditBreakKind.Removed, verdict.Break.Kind);
    }

    [Fact]
    public async Task Verify_SaysReordered_WhenTwoRecordsChangedPlaces()
    {
        await using var portal = await WithRecordsAsync(10);
        var target = await HeadAsync(portal) - 4;
        await ExecuteAsync(portal, $"UPDATE \"AuditRecords\" SET \"Sequence\" = 999999 WHERE \"Sequence\" = {target}");
        await ExecuteAsync(portal, $"UPDATE \"AuditRecords\" SET \"Sequence\" = {target} WHERE \"Sequence\" = {target + 1}");
        await ExecuteAsync(portal, $"UPDATE \"AuditRecords\" SET \"Sequence\" = {target + 1} WHERE \"Sequence\" = 999999");
        await AssertBreakAsync(portal, target, AuditBreakKind.Reordered);
    }

    [Fact]
    public async Task Verify_SeesARewrittenRecord_WhenItsHashWasComputedAnew()
    {
        await using var portal = await WithRecordsAsync(10);
        var target = await HeadAsync(portal) - 4;
        await ExecuteAsync(portal, $"UPDATE \"AuditRecords\" SET \"Detail\" = 'harmless' WHERE \"Sequence\" = {target}");
        await using (var db = portal.NewDb())
        {
            var hash = (await db.AuditRecords.SingleAsync(record => record.Sequence == target, Ct)).ComputeHash();
            await ExecuteAsync(portal, $"UPDATE \"AuditRecords\" SET \"Hash\" = '{hash}' WHERE \"Sequence\" = {target}");
        }

        await AssertBreakAsync(portal, target + 1, AuditBreakKind.Unchained);
    }

    [Fact]
    public async Task Verify_NamesTheForgedRecord_WhenOneWasAppended()
    {
        await using var portal = await WithRecordsAsync(3, DatabaseProvider.Sqlite);
        var head = await HeadAsync(portal);
        await ExecuteAsync(portal, $"""
            INSERT INTO "AuditRecords" ("Id", "Sequence", "At", "Action", "ActorName", "ObjectType", "ObjectId", "PreviousHash", "Hash")
            SELECT '{Guid.NewGuid()}', {head + 1}, "At", 'CertificateIssued', 'officer', 'certificate', 'ff', "Hash", '{new string('a', 64)}'
            FROM "AuditRecords" WHERE "Sequence" = {head}
            """);
        await AssertBreakAsync(portal, head + 1, AuditBreakKind.Edited);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Chain_HasNeitherGapNorFork_WhenFiftyUnitsOfWorkCommitAtOnce(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var before = await portal.Get<AuditVerifier>().VerifyAsync(Ct);
        await Parallel.ForEachAsync(Enumerable.Range(0, 50), new ParallelOptions { MaxDegreeOfParallelism = 15, CancellationToken = Ct }, async (number, ct) =>
        {
            await using var db = portal.NewDb();
            db.AuditRecords.AddRange(Record(portal, $"{number}-a"), Record(portal, $"{number}-b"));
            db.Outbox.Add(OutboxItem.For("test", $"{number}", number, portal.Clock.Now));
            await db.SaveChangesAsync(ct);
        });

        var after = await portal.Get<AuditVerifier>().VerifyAsync(Ct);
        Assert.Null(after.Break);
        Assert.Equal(before.Count + 100, after.Count);
    }

    [Fact]
    public async Task Chain_LeavesNoNumberOut_WhenAUnitOfWorkFails()
    {
        await using var portal = await WithRecordsAsync(1);
        await using (var db = portal.NewDb())
        {
            db.AuditRecords.Add(Record(portal, "lost"));
            db.Outbox.AddRange(OutboxItem.For("test", "same", 1, portal.Clock.Now), OutboxItem.For("test", "same", 2, portal.Clock.Now));
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(Ct));
        }

        await using (var db = portal.NewDb())
        {
            db.AuditRecords.Add(Record(portal, "kept"));
            await db.SaveChangesAsync(Ct);
        }

        Assert.Null((await portal.Get<AuditVerifier>().VerifyAsync(Ct)).Break);
    }

    internal static async Task<TestPortal> WithRecordsAsync(int count, DatabaseProvider? provider = null)
    {
        var portal = await TestPortal.StartAsync(provider: provider);
        await using var db = portal.NewDb();
        db.AuditRecords.AddRange(Enumerable.Range(1, count).Select(number => Record(portal, $"{number}")));
        await db.SaveChangesAsync(Ct);
        return portal;
    }

    internal static AuditRecord Record(TestPortal portal, string id) =>
        AuditRecord.Of(AuditAction.ClockWound, new Actor(null, "tester", []) { Address = "127.0.0.1" }, "test", id, portal.Clock.Now, $"detail {id}");

    private static async Task<long> HeadAsync(TestPortal portal)
    {
        await using var db = portal.NewDb();
        return await db.AuditRecords.MaxAsync(record => record.Sequence, Ct);
    }

    private static async Task ExecuteAsync(TestPortal portal, string sql)
    {
        await using var db = portal.NewDb();
        Assert.Equal(1, Math.Min(1, await db.Database.ExecuteSqlRawAsync(sql, Ct)));
    }

    private static async Task AssertBreakAsync(TestPortal portal, long sequence, AuditBreakKind kind)
    {
        var verdict = await portal.Get<AuditVerifier>().VerifyAsync(Ct);
        Assert.Equal((sequence, kind), (verdict.Break!.Sequence, verdict.Break.Kind));
        Assert.Equal(sequence - 1, verdict.Count);
    }
}
