using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Data;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;
using static StarPortal.Tests.Identity.AccountSupport;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class SignInTests
{
    [Fact]
    public async Task Passphrase_LetsIn_WhateverTheCaseOfTheUserName()
    {
        await using var portal = await TestPortal.StartAsync();
        var user = await portal.AddAccountAsync("maria");

        var step = await SignInAsync(portal, "MARIA", Passphrase);

        Assert.Equal(new SignInStep(user.Id, NeedsSecondFactor: false), step);
        Assert.Equal(portal.Clock.Now, (await portal.ReloadAsync(user.Id)).LastSignInAt);
    }

    [Fact]
    public async Task Refusal_HasTheSameWords_WhateverTheReason()
    {
        await using var portal = await TestPortal.StartAsync();
        await portal.AddAccountAsync("maria");
        await portal.AddAccountAsync("unconfirmed", isConfirmed: false);
        var locked = await portal.AddAccountAsync("locked");
        var administrator = await portal.AddAdministratorAsync();
        await portal.Get<UserAdministration>().LockAsync(locked.Id, "left", administrator, Ct);

        var refusals = new List<ServiceException>
        {
            await RefusedAsync(() => SignInAsync(portal, "nobody-here", Passphrase), ErrorKind.Unauthenticated),
            await RefusedAsync(() => SignInAsync(portal, "maria", "wrong passphrase here"), ErrorKind.Unauthenticated),
            await RefusedAsync(() => SignInAsync(portal, "unconfirmed", Passphrase), ErrorKind.Unauthenticated),
            await RefusedAsync(() => SignInAsync(portal, "locked", Passphrase), ErrorKind.Unauthenticated),
            await RefusedAsync(() => SignInAsync(portal, "", ""), ErrorKind.Unauthenticated),
            await RefusedAsync(() => SignInAsync(portal, "maria", new string('x', 1_000_000)), ErrorKind.Unauthenticated),
        };

        Assert.Single(refusals.Select(refusal => (refusal.Message, refusal.Field)).Distinct());
    }

    /// <summary>Time is what the hash costs: an unknown user must cost one hash as well. Counted, not timed, so that a busy machine decides nothing.</summary>
    [Theory]
    [InlineData("maria", "wrong passphrase here")]
    [InlineData("nobody-here", "wrong passphrase here")]
    [InlineData("unconfirmed", Passphrase)]
    [InlineData("invited", "anything at all")]
    public async Task Refusal_CostsOneHash_WhetherTheUserExistsOrNot(string userName, string passphrase)
    {
        var hasher = new CountingHasher();
        await using var portal = await TestPortal.StartAsync(services: hasher.Replace);
        await portal.AddAccountAsync("maria");
        await portal.AddAccountAsync("unconfirmed", isConfirmed: false);
        await using (var db = portal.NewDb())
        {
            portal.Get<AccountRegistrar>().Add(db, Account("invited") with { Password = null }, Visitor);
            await db.SaveChangesAsync(Ct);
        }

        await RefusedAsync(() => SignInAsync(portal, "maria", "first"), ErrorKind.Unauthenticated); // makes the hash that unknown users are checked against
        hasher.Reset();

        await RefusedAsync(() => SignInAsync(portal, userName, passphrase), ErrorKind.Unauthenticated);

        Assert.Equal((0, 1), (hasher.Hashed, hasher.Verified));
    }

    [Fact]
    public async Task Account_Rests_WhenFiveTriesWereWrong()
    {
        await using var portal = await TestPortal.StartAsync();
        await portal.AddAccountAsync("maria");
        for (var i = 0; i < 5; i++) await RefusedAsync(() => SignInAsync(portal, "maria", "wrong passphrase here"), ErrorKind.Unauthenticated);

        await RefusedAsync(() => SignInAsync(portal, "maria", Passphrase), ErrorKind.Unauthenticated);
        portal.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));

        Assert.False((await SignInAsync(portal, "maria", Passphrase)).NeedsSecondFactor);
    }

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task EveryWrongTryCounts_WhenManyComeAtOnce(DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider, settings: new Dictionary<string, string?> { ["Identity:LockoutAttempts"] = "8" });
        var user = await portal.AddAccountAsync("maria");

        await Task.WhenAll(Enumerable.Range(0, 7).Select(_ => RefusedAsync(() => SignInAsync(portal, "maria", "wrong passphrase here"), ErrorKind.Unauthenticated)));

        Assert.Equal(7, (await portal.ReloadAsync(user.Id)).AccessFailedCount);
    }

    [Fact]
    public async Task Address_HasToWait_WhenItTriedManyAccounts()
    {
        await using var portal = await TestPortal.StartAsync(settings: new Dictionary<string, string?> { ["Identity:AttemptsPerAddress"] = "6" });
        await portal.AddAccountAsync("maria");
        for (var i = 0; i < 6; i++) await RefusedAsync(() => SignInAsync(portal, $"name{i}", "wrong passphrase here"), ErrorKind.Unauthenticated);

        var refusal = await RefusedAsync(() => SignInAsync(portal, "maria", Passphrase), ErrorKind.TooMany);
        Assert.Equal(TimeSpan.FromMinutes(10), refusal.RetryAfter);
        await portal.Get<SignInService>().CheckPassphraseAsync("maria", Passphrase, Actor.Anonymous("198.51.100.1"), Ct);
        portal.Clock.Advance(TimeSpan.FromMinutes(10));

        await SignInAsync(portal, "maria", Passphrase);
    }

    [Fact]
    public async Task GoodTries_DoNotCountForTheAddress()
    {
        await using var portal = await TestPortal.StartAsync(settings: new Dictionary<string, string?> { ["Identity:AttemptsPerAddress"] = "5" });
        await portal.AddAccountAsync("maria");

        for (var i = 0; i < 7; i++) await SignInAsync(portal, "maria", Passphrase);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void Addresses_ShareALimit_WhenOneCustomerHasThem(string one, string other, bool same) =>
        Assert.Equal(same, AttemptThrottle.AddressKey("x", one) == AttemptThrottle.AddressKey("x", other));

    [Fact]
    public async Task AuditLog_TellsOfSignIns_WithoutWhatWasTyped()
    {
        await using var portal = await TestPortal.StartAsync();
        var user = await portal.AddAccountAsync("maria");
        await RefusedAsync(() => SignInAsync(portal, "my secret typed as a name", "x"), ErrorKind.Unauthenticated);
        await RefusedAsync(() => SignInAsync(portal, "maria", "wrong passphrase here"), ErrorKind.Unauthenticated);
        await SignInAsync(portal, "maria", Passphrase);

        await using var db = portal.NewDb();
        var records = await db.AuditRecords.OrderBy(record => record.Sequence).Select(record => new { record.Action, record.ObjectId, record.Detail, record.ActorAddress }).ToListAsync(Ct);
        Assert.Equal([AuditAction.SignInFailed, AuditAction.SignInFailed, AuditAction.SignedIn], records.Select(record => record.Action).TakeLast(3));
        Assert.Equal("unknown", records[^3].ObjectId);
        Assert.Equal(user.Id.ToString(), records[^2].ObjectId);
        Assert.All(records.TakeLast(3), record => Assert.Equal(Visitor.Address, record.ActorAddress));
        Assert.DoesNotContain(records, record => record.Detail?.Contains("secret", StringComparison.Ordinal) is true);
    }

    [Fact]
    public async Task Session_IsWorthNothing_WhenTheAccountWasLockedMeanwhile()
    {
        await using var portal = await TestPortal.StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var principal = await portal.OpenSessionAsync(user);
        var administrator = await portal.AddAdministratorAsync();
        Assert.Equal(user.Id, (await portal.Get<Actors>().ResolveAsync(principal, null, Ct)).Id);

        await portal.Get<UserAdministration>().LockAsync(user.Id, "stolen laptop", administrator, Ct);

        Assert.Null((await portal.Get<Actors>().ResolveAsync(principal, null, Ct)).Id);
    }

    private static Task<SignInStep> SignInAsync(TestPortal portal, string userName, string passphrase) =>
        portal.Get<SignInService>().CheckPassphraseAsync(userName, passphrase, Visitor, Ct);
}
