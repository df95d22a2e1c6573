using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;

namespace StarPortal.Tests.MyProxy.Repository;

[Trait("Category", "Unit")]
public sealed class GuessTests
{
    private const string Wrong = "not the passphrase";

    private static readonly MyProxyClient Stranger = new(null, false, "198.51.100.7");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task UserName_RestsAfterTheLimit_WhetherItExistsOrNot(bool exists)
    {
        await using var portal = await Clients.StartAsync(("MyProxy:MaxAttempts", "3"));
        var name = exists ? (await Clients.AddStoredAsync(portal)).Actor.Name : "nobody";

        for (var guess = 0; guess < 3; guess++) Assert.Equal(ErrorKind.Unauthenticated, (await Clients.RefusalAsync(portal, Clients.Get(name, Wrong))).Kind);

        var refusal = await Clients.RefusalAsync(portal, Clients.Get(name));
        Assert.Equal((ErrorKind.TooMany, "Too many wrong pass phrases. Try again in 5 min."), (refusal.Kind, refusal.Message));
    }

    [Fact]
    public async Task RestingUserName_OpensAgain_HoweverOthersGoOnGuessing()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:MaxAttempts", "3"), ("MyProxy:AttemptWait", "00:05:00"));
        var ada = await Clients.AddStoredAsync(portal);
        for (var guess = 0; guess < 9; guess++)
        {
            await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, Wrong), Stranger);
            portal.Clock.Advance(TimeSpan.FromSeconds(30));
        }

        portal.Clock.Advance(TimeSpan.FromSeconds(40));
        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name));
    }

    [Fact]
    public async Task RestingUserName_OpensForWhereItsHolderCameFromLast()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:MaxAttempts", "3"));
        var ada = await Clients.AddStoredAsync(portal);
        using (var open = Assert.IsType<LogonDecision.Open>(await portal.Get<LogonService>().DecideAsync(Clients.Get(ada.Actor.Name), Clients.Anonymous, Ct)).Credential)
            await portal.Get<LogonService>().RecordAsync(open, Clients.Anonymous, portal.Clock.Now, Ct);
        for (var guess = 0; guess < 4; guess++) await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, Wrong), Stranger);

        Assert.Equal(ErrorKind.TooMany, (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name), Stranger)).Kind);
        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name));
    }

    [Fact]
    public async Task RestingUserName_OpensForWhoShowsTheOwnersCertificate()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:MaxAttempts", "3"));
        var ada = await Clients.AddStoredAsync(portal);
        for (var guess = 0; guess < 4; guess++) await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, Wrong), Stranger);

        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name), Clients.Of(ada));
    }

    [Fact]
    public async Task Address_IsRefused_WhenItTriesManyUserNames()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:AttemptsPerAddress", "5"));
        var ada = await Clients.AddStoredAsync(portal);
        for (var guess = 0; guess < 5; guess++) await Clients.RefusalAsync(portal, Clients.Get($"user{guess}", Wrong), Stranger);

        Assert.Equal(ErrorKind.TooMany, (await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name), Stranger)).Kind);
        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name));
    }

    [Fact]
    public async Task Guesses_SpendATryEach_WhenTheyComeAtOnce()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:MaxAttempts", "5"));
        var ada = await Clients.AddStoredAsync(portal);
        await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name)); // Few rounds from now on.

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, $"{Wrong} {number}"), Stranger), Ct)));

        Assert.InRange(outcomes.Count(outcome => outcome.Kind is ErrorKind.Unauthenticated), 1, 5);
        Assert.All(outcomes, outcome => Assert.True(outcome.Kind is ErrorKind.Unauthenticated or ErrorKind.TooMany));
    }

    [Fact]
    public async Task GoodLogons_AllSucceed_WhenTheyComeAtOnceAfterAWrongOne()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);
        await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, Wrong));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name)), Ct)));
    }

    [Fact]
    public async Task GoodPassphrase_EndsTheCount()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:MaxAttempts", "3"));
        var ada = await Clients.AddStoredAsync(portal);
        for (var round = 0; round < 3; round++)
        {
            await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, Wrong));
            await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, Wrong));
            await Clients.LogOnAsync(portal, Clients.Get(ada.Actor.Name));
        }
    }

    [Fact]
    public async Task WrongPassphrase_IsAuditedWithoutIt()
    {
        await using var portal = await Clients.StartAsync();
        var ada = await Clients.AddStoredAsync(portal);

        await Clients.RefusalAsync(portal, Clients.Get(ada.Actor.Name, Wrong));
        await Clients.RefusalAsync(portal, Clients.Get("a passphrase typed as a name", Wrong));

        await using var db = portal.NewDb();
        var details = await db.AuditRecords.Where(row => row.Action == AuditAction.MyProxyLogonRefused).OrderBy(row => row.Sequence).Select(row => row.Detail).ToListAsync(Ct);
        Assert.Equal([$"{ada.Actor.Name}: wrong passphrase", "unknown user name"], details);
    }

    [Fact]
    public async Task Refusal_ComesNotBeforeItsTime_ForEveryReason()
    {
        await using var portal = await Clients.StartAsync(("MyProxy:RefusalDelay", "00:00:00.4"));
        var ada = await Clients.AddStoredAsync(portal);
        foreach (var request in new[] { Clients.Get(ada.Actor.Name, Wrong), Clients.Get("nobody", Wrong), Clients.Get("nobody", "short") })
        {
            var began = TimeProvider.System.GetTimestamp();
            await Clients.RefusalAsync(portal, request);
            Assert.True(TimeProvider.System.GetElapsedTime(began) > TimeSpan.FromSeconds(0.39));
        }
    }

    [Fact]
    public async Task Counts_AreForgotten_WhenTheyCountNoMore()
    {
        await using var portal = await Clients.StartAsync();
        await Clients.RefusalAsync(portal, Clients.Get("nobody", Wrong));
        portal.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, await portal.Get<LogonGuesses>().PruneAsync(Ct));
    }
}
