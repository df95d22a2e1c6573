using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Audit;

[Trait("Category", "Unit")]
public sealed class AuditReadingTests
{
    private static readonly Actor Auditor = new(Guid.NewGuid(), "auditor", [new ActorGrant(PortalRole.Auditor, null)]) { HasSecondFactor = true };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task Search_PagesNewestFirst_WithoutLeavingOneOut(DatabaseProvider provider)
    {
        await using var portal = await AuditVerifierTests.WithRecordsAsync(120, provider);
        var search = portal.Get<AuditSearch>();
        List<string> found = [];
        long? before = null;
        do
        {
            var page = await search.SearchAsync(new AuditFilter { About = "test/" }, before, Auditor, Ct);
            found.AddRange(page.Records.Select(record => record.ObjectId));
            before = page.OlderThan;
        }
        while (before is not null);

        Assert.Equal(Enumerable.Range(1, 120).Reverse().Select(number => $"{number}"), found);
    }

    public static TheoryData<AuditFilter, int> Filters => new()
    {
        { new AuditFilter { Text = "DETAIL 7" }, 1 },
        { new AuditFilter { Text = "nothing like it" }, 0 },
        { new AuditFilter { Action = AuditAction.ClockWound }, 9 },
        { new AuditFilter { ActorName = "tester" }, 9 },
        { new AuditFilter { ActorName = "test" }, 0 },
        { new AuditFilter { About = "test/3" }, 1 },
        { new AuditFilter { About = "3" }, 1 },
        { new AuditFilter { About = "other/3" }, 0 },
        { new AuditFilter { Action = AuditAction.ClockWound, From = DateOnly.FromDateTime(TestClock.ProcessStart.UtcDateTime), To = DateOnly.FromDateTime(TestClock.ProcessStart.UtcDateTime) }, 9 },
        { new AuditFilter { From = DateOnly.FromDateTime(TestClock.ProcessStart.UtcDateTime).AddDays(1) }, 0 },
        { new AuditFilter { To = DateOnly.FromDateTime(TestClock.ProcessStart.UtcDateTime).AddDays(-1) }, 0 },
        { new AuditFilter { Text = "'; DROP TABLE AuditRecords; --" }, 0 },
        { new AuditFilter { Text = "%" }, 0 },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Search_FindsWhatTheFilterNames(AuditFilter filter, int expected)
    {
        await using var portal = await AuditVerifierTests.WithRecordsAsync(9);
        var page = await portal.Get<AuditSearch>().SearchAsync(filter, null, Auditor, Ct);
        Assert.Equal(expected, page.Records.Count);
    }

    [Theory]
    [InlineData(PortalRole.Officer)]
    [InlineData(PortalRole.Subscriber)]
    [InlineData(PortalRole.Owner)]
    public async Task Search_IsForbidden_ToOthers(PortalRole role)
    {
        await using var portal = await TestPortal.StartAsync();
        var actor = new Actor(Guid.NewGuid(), "other", [new ActorGrant(role, null)]) { HasSecondFactor = true };
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<AuditSearch>().SearchAsync(new AuditFilter(), null, actor, Ct));
        Assert.Equal(ErrorKind.Forbidden, refusal.Kind);
        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<AuditExport>().WriteJsonAsync(new AuditFilter(), Stream.Null, actor, Ct));
    }

    [Fact]
    public async Task Export_IsVerifiedOffline_AndIsItselfInTheLog()
    {
        await using var portal = await AuditVerifierTests.WithRecordsAsync(2500);
        var verdict = await AuditVerifier.VerifyFileAsync(new MemoryStream(await ExportAsync(portal, new AuditFilter())), Ct);

        Assert.Null(verdict.Break);
        await using var db = portal.NewDb();
        var head = await db.AuditRecords.OrderByDescending(record => record.Sequence).FirstAsync(Ct);
        Assert.Equal((AuditAction.AuditExported, "all records"), (head.Action, head.Detail));
        Assert.Equal((head.Sequence, head.Hash), (verdict.Count, verdict.HeadHash));
    }

    [Fact]
    public async Task VerifyFile_NamesTheEditedRecord()
    {
        await using var portal = await AuditVerifierTests.WithRecordsAsync(5);
        var records = JsonNode.Parse(await ExportAsync(portal, new AuditFilter()))!.AsArray();
        records[3]!["detail"] = "harmless";
        Assert.Equal((4, AuditBreakKind.Edited), await BreakOfAsync(records));
    }

    [Fact]
    public async Task VerifyFile_NamesTheMissingRecord()
    {
        await using var portal = await AuditVerifierTests.WithRecordsAsync(5);
        var records = JsonNode.Parse(await ExportAsync(portal, new AuditFilter()))!.AsArray();
        records.RemoveAt(2);
        Assert.Equal((3, AuditBreakKind.Removed), await BreakOfAsync(records));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("[{\"sequence\":1}]")]
    [InlineData("PK\u0003\u0004")]
    public async Task VerifyFile_RefusesWhatIsNoExport(string content)
    {
        var refusal = await Assert.ThrowsAsync<ServiceException>(() => AuditVerifier.VerifyFileAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), Ct));
        Assert.Equal(ErrorKind.Invalid, refusal.Kind);
    }

    [Theory]
    [InlineData("=HYPERLINK(\"https://evil.example\")", "\"'=HYPERLINK(\"\"https://evil.example\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("\tx", "'\tx")]
    [InlineData("two\nlines, \"quoted\"", "\"two\nlines, \"\"quoted\"\"\"")]
    public async Task Csv_NeverStartsACellWithAFormula(string detail, string cell)
    {
        await using var portal = await TestPortal.StartAsync();
        await using (var db = portal.NewDb())
        {
            db.AuditRecords.Add(AuditRecord.Of(AuditAction.ClockWound, Actor.System("test"), "csv", "1", portal.Clock.Now, detail));
            await db.SaveChangesAsync(Ct);
        }

        using var file = new MemoryStream();
        await portal.Get<AuditExport>().WriteCsvAsync(new AuditFilter { About = "csv/1" }, file, Auditor, Ct);
        Assert.Contains($",csv,1,{cell},", Encoding.UTF8.GetString(file.ToArray()), StringComparison.Ordinal);
    }

    private static async Task<byte[]> ExportAsync(TestPortal portal, AuditFilter filter)
    {
        using var file = new MemoryStream();
        await portal.Get<AuditExport>().WriteJsonAsync(filter, file, Auditor, Ct);
        return file.ToArray();
    }

    private static async Task<(long, AuditBreakKind)> BreakOfAsync(JsonArray records)
    {
        var found = (await AuditVerifier.VerifyFileAsync(new MemoryStream(Encoding.UTF8.GetBytes(records.ToJsonString())), Ct)).Break!;
        return (found.Sequence, found.Kind);
    }
}
