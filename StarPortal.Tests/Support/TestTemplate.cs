using System.Collections.Concurrent;
using StarPortal.Core.Data;
using StarPortal.Web.Hosting;

namespace StarPortal.Tests.Support;

/// <summary>A portal after its first start, made once in a test run and copied for each test: the schema and the CA take a second to make.</summary>
internal static class TestTemplate
{
    private static readonly ConcurrentDictionary<DatabaseProvider, Lazy<Task<TestPortal>>> Made = new();

    public static Task<TestPortal> GetAsync(DatabaseProvider provider) =>
        Made.GetOrAdd(provider, static chosen => new Lazy<Task<TestPortal>>(() => MakeAsync(chosen))).Value;

    /// <summary>Data folder and SQLite database, for a process to start on.</summary>
    public static async Task CopyToAsync(TestFolder folder) => folder.CopyFrom((await GetAsync(DatabaseProvider.Sqlite)).DataDirectory);

    private static async Task<TestPortal> MakeAsync(DatabaseProvider provider)
    {
        var portal = await TestPortal.BuildEmptyAsync(provider);
        await Rooms.SetUpAsync(portal.Services, CancellationToken.None);
        portal.Freeze();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => portal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return portal;
    }
}
