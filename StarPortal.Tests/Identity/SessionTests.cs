using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;
using static StarPortal.Tests.Identity.AccountSupport;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class SessionTests
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

    [Theory]
    [InlineData(Firefox, "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Safari on an iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("curl/8.5.0", "curl")]
    [InlineData("<script>alert(1)</script>", "An unknown program")]
    [InlineData("", "An unknown program")]
    [InlineData(null, "An unknown program")]
    public void Device_IsNamedInPlainWords(string? userAgent, string expected) => Assert.Equal(expected, DeviceNames.Of(userAgent));

    [Fact]
    public async Task List_ShowsTheOwnSessions_ThatOfTheAskingBrowserFirst()
    {
        await using var portal = await StartAsync();
        var (maria, other) = (await portal.AddAccountAsync("maria"), await portal.AddAccountAsync("other"));
        var asking = await ActorOfAsync(portal, maria);
        portal.Clock.Advance(TimeSpan.FromMinutes(10));
        await portal.OpenSessionAsync(maria, userAgent: Firefox);
        await portal.OpenSessionAsync(other);

        var listed = await portal.Get<SessionRegistry>().ListAsync(asking, Ct);

        Assert.Equal([true, false], listed.Select(session => session.IsThis));
        Assert.Equal(("Firefox on Linux", Visitor.Address, portal.Clock.Now), (listed[1].Device, listed[1].Address, listed[1].SeenAt));
    }

    [Fact]
    public async Task Ending_ShutsTheOtherBrowserOutAtOnce_AndIsAudited()
    {
        await using var portal = await StartAsync();
        var maria = await portal.AddAccountAsync("maria");
        var lost = await portal.OpenSessionAsync(maria, userAgent: Firefox);
        var asking = await ActorOfAsync(portal, maria);
        var registry = portal.Get<SessionRegistry>();

        await registry.EndAsync(Actors.SessionOf(lost)!.Value, asking, Ct);

        Assert.Null((await portal.Get<Actors>().ResolveAsync(lost, null, Ct)).Id);
        Assert.True(Assert.Single(await registry.ListAsync(asking, Ct)).IsThis);
        await using var db = portal.NewDb();
        Assert.StartsWith("Firefox on Linux", (await db.AuditRecords.SingleAsync(record => record.Action == AuditAction.SessionEnded, Ct)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndingOthers_LeavesTheAskingBrowser()
    {
        await using var portal = await StartAsync();
        var maria = await portal.AddAccountAsync("maria");
        for (var i = 0; i < 3; i++) await portal.OpenSessionAsync(maria);
        var asking = await ActorOfAsync(portal, maria);

        Assert.Equal(3, await portal.Get<SessionRegistry>().EndOthersAsync(asking, Ct));
        Assert.Equal(0, await portal.Get<SessionRegistry>().EndOthersAsync(asking, Ct));
        Assert.Single(await portal.Get<SessionRegistry>().ListAsync(asking, Ct));
    }

    [Fact]
    public async Task Session_OfSomebodyElse_DoesNotExist()
    {
        await using var portal = await StartAsync();
        var (maria, mallory) = (await portal.AddAccountAsync("maria"), await portal.AddAccountAsync("mallory"));
        var session = await portal.OpenSessionAsync(maria);
        var registry = portal.Get<SessionRegistry>();

        await RefusedAsync(async () => await registry.EndAsync(Actors.SessionOf(session)!.Value, await ActorOfAsync(portal, mallory), Ct), ErrorKind.NotFound);
        await RefusedAsync(async () => await registry.EndAsync(Guid.NewGuid(), await ActorOfAsync(portal, mallory), Ct), ErrorKind.NotFound);
        await RefusedAsync(() => registry.EndAsync(Actors.SessionOf(session)!.Value, Actor.Anonymous(), Ct), ErrorKind.Unauthenticated);
        await RefusedAsync(() => registry.ListAsync(Actor.Anonymous(), Ct), ErrorKind.Unauthenticated);
        Assert.Equal(maria.Id, (await portal.Get<Actors>().ResolveAsync(session, null, Ct)).Id);
    }

    [Fact]
    public async Task SigningOut_MakesACopyOfTheCookieWorthless()
    {
        await using var portal = await StartAsync();
        var maria = await portal.AddAccountAsync("maria");
        var session = await portal.OpenSessionAsync(maria);

        await portal.Get<SignInService>().SignOutAsync(await portal.Get<Actors>().ResolveAsync(session, null, Ct), Ct);

        Assert.Null((await portal.Get<Actors>().ResolveAsync(session, null, Ct)).Id);
    }

    [Fact]
    public async Task Rows_AreBounded_AndThoseOfCookiesThatRanOutGo()
    {
        await using var portal = await StartAsync();
        var (maria, away) = (await portal.AddAccountAsync("maria"), await portal.AddAccountAsync("away"));
        await portal.OpenSessionAsync(away);
        portal.Clock.Advance(TimeSpan.FromHours(3));
        for (var i = 0; i < SessionRegistry.MaxPerPerson + 5; i++)
        {
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
            await portal.OpenSessionAsync(maria);
        }

        await using var db = portal.NewDb();
        Assert.Equal((SessionRegistry.MaxPerPerson, 0), (await db.UserSessions.CountAsync(row => row.UserId == maria.Id, Ct), await db.UserSessions.CountAsync(row => row.UserId == away.Id, Ct)));
    }

    [Fact]
    public async Task Session_IsSeenAgain_AndListedNoLongerWhenTheAccountHasChanged()
    {
        await using var portal = await StartAsync();
        var maria = await portal.AddAccountAsync("maria");
        var session = await portal.OpenSessionAsync(maria);
        portal.Clock.Advance(TimeSpan.FromMinutes(30));
        await portal.Get<SessionRegistry>().SeeAsync(Actors.SessionOf(session)!.Value, "198.51.100.9", Ct);
        var asking = await portal.Get<Actors>().ResolveAsync(session, null, Ct);
        var seen = Assert.Single(await portal.Get<SessionRegistry>().ListAsync(asking, Ct));
        Assert.Equal(("198.51.100.9", portal.Clock.Now), (seen.Address, seen.SeenAt));

        await portal.Get<UserAdministration>().LockAsync(maria.Id, "stolen", await portal.AddAdministratorAsync(), Ct);

        Assert.Empty(await portal.Get<SessionRegistry>().ListAsync(asking, Ct));
    }

    [Fact]
    public async Task Pages_GoOn_WhenTheDatabaseCanNotBeWritten()
    {
        await using var portal = await StartAsync();
        var maria = await portal.AddAccountAsync("maria");
        var session = await portal.OpenSessionAsync(maria);
        await using var database = new RefusingDatabase(portal.NewDb());
        await database.RefuseAsync("UPDATE", "UserSessions");

        await portal.Get<SessionRegistry>().SeeAsync(Actors.SessionOf(session)!.Value, null, Ct);

        Assert.Equal(maria.Id, (await portal.Get<Actors>().ResolveAsync(session, null, Ct)).Id);
    }

    private static async Task<Actor> ActorOfAsync(TestPortal portal, PortalUser user) => await portal.Get<Actors>().ResolveAsync(await portal.OpenSessionAsync(user), Visitor.Address, Ct);
}
