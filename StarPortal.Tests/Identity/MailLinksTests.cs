using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;
using static StarPortal.Tests.Identity.AccountSupport;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class MailLinksTests
{
    [Fact]
    public async Task Token_IsNotInTheDatabase()
    {
        await using var portal = await TestPortal.StartAsync();
        var token = await AddAsync(portal);

        await using var db = portal.NewDb();
        var link = await db.MailLinks.SingleAsync(Ct);
        Assert.Equal(43, token.Length);
        Assert.Equal(SecureTokens.Hash(token), link.TokenHash);
    }

    [Fact]
    public async Task Looking_ChangesNothing_HoweverOften()
    {
        await using var portal = await TestPortal.StartAsync();
        var token = await AddAsync(portal);

        for (var i = 0; i < 5; i++) Assert.Null((await GetAsync(portal, token)).UsedAt);

        await UseAsync(portal, token);
    }

    [Fact]
    public async Task Link_IsGone_WhenUsed()
    {
        await using var portal = await TestPortal.StartAsync();
        var token = await AddAsync(portal);
        await UseAsync(portal, token);

        await RefusedAsync(() => GetAsync(portal, token), ErrorKind.Gone);
        await RefusedAsync(() => UseAsync(portal, token), ErrorKind.Gone);
    }

    [Fact]
    public async Task Link_IsGone_WhenExpired()
    {
        await using var portal = await TestPortal.StartAsync();
        var token = await AddAsync(portal);
        portal.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromSeconds(1));
        await GetAsync(portal, token);
        portal.Clock.Advance(TimeSpan.FromSeconds(1));

        await RefusedAsync(() => GetAsync(portal, token), ErrorKind.Gone);
        await RefusedAsync(() => UseAsync(portal, token), ErrorKind.Gone);
    }

    [Theory]
    [InlineData(MailLinkPurpose.AcceptInvitation)]
    [InlineData(MailLinkPurpose.SetUpAdministrator)]
    public async Task Link_IsUnknown_WhenUsedForAnotherPurpose(MailLinkPurpose purpose)
    {
        await using var portal = await TestPortal.StartAsync();
        var token = await AddAsync(portal);
        await using var db = portal.NewDb();

        await RefusedAsync(() => portal.Get<MailLinks>().GetAsync(token, purpose, Ct), ErrorKind.NotFound);
        await RefusedAsync(() => portal.Get<MailLinks>().UseAsync(db, token, purpose, Ct), ErrorKind.NotFound);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Link_IsUnknown_WhenTheTokenIsMadeUp(string token)
    {
        await using var portal = await TestPortal.StartAsync();
        await AddAsync(portal);

        await RefusedAsync(() => GetAsync(portal, token), ErrorKind.NotFound);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task OneUse_Succeeds_WhenManyComeAtOnce(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var token = await AddAsync(portal);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                await UseAsync(portal, token);
                return true;
            }
            catch (Exception error) when (error is DbUpdateConcurrencyException or ServiceException)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, used => used);
    }

    [Fact]
    public async Task Link_StaysGood_WhenTheUnitOfWorkIsNotSaved()
    {
        await using var portal = await TestPortal.StartAsync();
        var token = await AddAsync(portal);
        await using (var db = portal.NewDb()) await portal.Get<MailLinks>().UseAsync(db, token, MailLinkPurpose.ConfirmEmail, Ct);

        Assert.Null((await GetAsync(portal, token)).UsedAt);
    }

    [Fact]
    public async Task Link_SaysThatItExpired_ForNinetyDays_AndIsForgottenThen()
    {
        await using var portal = await TestPortal.StartAsync();
        var (old, used) = (await AddAsync(portal), await AddAsync(portal));
        await UseAsync(portal, used);
        portal.Clock.Advance(TimeSpan.FromDays(1) + MailLinkPruneJob.Keep);
        var fresh = await AddAsync(portal);
        Assert.Equal("0 links forgotten", await portal.Get<MailLinkPruneJob>().RunAsync(Ct));
        await RefusedAsync(() => GetAsync(portal, old), ErrorKind.Gone);

        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("2 links forgotten", await portal.Get<MailLinkPruneJob>().RunAsync(Ct));
        await RefusedAsync(() => GetAsync(portal, old), ErrorKind.NotFound);
        await GetAsync(portal, fresh);
    }

    private static async Task<string> AddAsync(TestPortal portal)
    {
        await using var db = portal.NewDb();
        var token = portal.Get<MailLinks>().Add(db, MailLinkPurpose.ConfirmEmail, SecureTokens.NewId(), userId: null, TimeSpan.FromDays(1));
        await db.SaveChangesAsync(Ct);
        return token;
    }

    private static Task<MailLink> GetAsync(TestPortal portal, string token) => portal.Get<MailLinks>().GetAsync(token, MailLinkPurpose.ConfirmEmail, Ct);

    private static async Task UseAsync(TestPortal portal, string token)
    {
        await using var db = portal.NewDb();
        await portal.Get<MailLinks>().UseAsync(db, token, MailLinkPurpose.ConfirmEmail, Ct);
        await db.SaveChangesAsync(Ct);
    }
}
