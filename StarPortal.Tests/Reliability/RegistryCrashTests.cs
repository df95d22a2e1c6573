using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Registry;
using StarPortal.Core.Revocation;
using StarPortal.Tests.Registry;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Reliability;

/// <summary>
/// The real process is killed at the n-th instant between the officer's button and what the outside registry has in the end, for each n until it gets through alive:
/// whatever happens, it was told of each change once, in order.
/// </summary>
[Trait("Category", "Interop")]
public sealed class RegistryCrashTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private OutsideServer outside = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => outside = await OutsideServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await outside.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public Task Certificate_EntersThePersonOnce_WhereverTheProcessIsKilled() => RunAsync([], async (portal, officer, scene, people) =>
    {
        await people.PressUntilDoneAsync(officer, new Uri(portal.BaseUrl, scene.Decision), "approve");
        await people.FindMailAsync(scene.Email, "/account/certificates/");
        await people.WaitUntilQuietAsync();
    }, null, ["add active 1"]);

    [Fact]
    public Task Removal_IsToldOnce_WhereverTheProcessIsKilled() => RunAsync(new(StringComparer.Ordinal) { ["Revocation:RemovalGrace"] = "00:00:01", ["Jobs:person-removal:Cron"] = "0/2 * * * * ?" }, async (portal, officer, scene, people) =>
    {
        var name = scene.Email.Split('@')[0];
        var form = PlainBrowser.Fill(await officer.OpenAsync($"/ra/people/{name}"), "remove", new Dictionary<string, string>(StringComparer.Ordinal) { ["Input.Reason"] = "Has left" });
        await people.SendUntilAnsweredAsync(officer, form);
        await people.WaitUntilAsync(db => db.PersonRemovals.Any(removal => removal.UserName == name && removal.Status == RemovalStatus.Done), "the end of the removal");
        await people.WaitUntilQuietAsync();
    }, async (portal, officer, scene) =>
    {
        await scene.DecideAsync(officer, "approve");
        await portal.WaitForMailAsync(scene.Email, "/account/certificates/");
        await portal.WaitUntilQuietAsync();
    }, ["add active 1", "update suspended 2", "remuser removed 3"]);

    private async Task RunAsync(
        Dictionary<string, string> more, Func<PortalApplication, PlainBrowser, RequestScene, Stubborn, Task> act, Func<PortalApplication, PlainBrowser, RequestScene, Task>? prepare, string[] expected)
    {
        Dictionary<string, string> settings = new(LinkFixture.Settings, StringComparer.Ordinal);
        foreach (var (name, value) in outside.Settings(folder)) settings[name] = value!;
        foreach (var (name, value) in more) settings[name] = value;
        var crash = new CrashPoint(folder);
        await using var portal = await PortalApplication.StartAsync(settings, crash.At("1", lastingOnly: true));
        using var officer = new PlainBrowser(portal);
        await officer.SignInAsync(portal.PersonaOf("officer"));

        for (var n = 1; ; n++)
        {
            using var scene = await RequestScene.AskAndConfirmAsync(portal, $"person{n}");
            if (prepare is not null) await prepare(portal, officer, scene);
            await portal.WaitUntilQuietAsync();
            var deaths = 0;
            var people = new Stubborn(portal, $"person{n}", async () =>
            {
                Assert.Equal(CrashPoint.Killed, await portal.WaitForExitAsync());
                deaths++;
                crash.Disarm();
                await portal.RestartAsync(crash.At($"{n + 1}", lastingOnly: true));
            });
            crash.Arm();
            await act(portal, officer, scene, people);
            crash.Disarm();
            await RequireToldAsync(portal, $"person{n}", expected);
            output.WriteLine($"{n}: {(crash.Instants.Count > 0 ? crash.Instants[^1] : "nothing")}");
            if (deaths == 0)
            {
                Assert.True(n > 4, $"Only {n} instants were met: what is killed there?");
                return;
            }
        }
    }

    private async Task RequireToldAsync(PortalApplication portal, string userName, string[] expected)
    {
        await using var db = portal.NewDb();
        var entry = await db.RegistryEntries.AsNoTracking().SingleAsync(row => row.UserName == userName, Ct);
        Assert.Equal(expected, outside.Done.Where(told => told.Person == entry.UserId.ToString("N")).Select(told => $"{told.Verb} {told.State} {told.Revision}"));
        Assert.Equal(entry.State is not RegistryEntryState.Removed, outside.People.ContainsKey(entry.UserId.ToString("N")));
        Assert.Equal(0, await db.Outbox.CountAsync(item => item.Status != OutboxStatus.Done, Ct));
        Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.RegistryEntered && record.ObjectId == entry.UserId.ToString(), Ct));
        await AuditLog.RequireIntactAsync(db);
    }
}
