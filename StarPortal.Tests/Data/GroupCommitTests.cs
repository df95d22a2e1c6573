using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Data;

[Trait("Category", "Unit")]
public sealed class GroupCommitTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<DatabaseProvider> Providers => TestDatabase.Providers;

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Units_OfManyAtOnce_AreAllSaved(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var commits = portal.Get<GroupCommit>();
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => commits.SaveAsync(rows => rows.Insert(OutboxItem.For("test", $"{i}", i, portal.Clock.Now)))));
        await using var db = portal.NewDb();
        Assert.Equal(300, await db.Outbox.CountAsync(item => item.Kind == "test", Ct));
    }

    /// <summary>Of units that were gathered in one group, those that conflict fail alone.</summary>
    [Theory]
    [MemberData(nameof(Providers))]
    public async Task UnitThatConflicts_FailsAlone(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var commits = portal.Get<GroupCommit>();
        Task[] saves = [.. Enumerable.Range(0, 100).Select(i => commits.SaveAsync(rows => rows.Insert(OutboxItem.For("test", i % 10 == 9 ? "same" : $"{i}", i, portal.Clock.Now))))];
        await Task.WhenAll(saves.Select(save => save.ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default)));
        Assert.Equal(9, saves.Count(save => save.Exception?.InnerException is DbUpdateException));
        await using var db = portal.NewDb();
        Assert.Equal(91, await db.Outbox.CountAsync(item => item.Kind == "test", Ct));
    }

    [Fact]
    public async Task UnitThatThrows_HurtsNobodyElse()
    {
        await using var portal = await TestPortal.StartAsync();
        var commits = portal.Get<GroupCommit>();
        var bad = commits.SaveAsync(_ => throw new InvalidOperationException("mine"));
        var good = Task.WhenAll(Enumerable.Range(0, 20).Select(i => commits.SaveAsync(rows => rows.Insert(OutboxItem.For("test", $"{i}", i, portal.Clock.Now)))));
        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => bad)).Message);
        await good;
    }
}
