using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;
using static StarPortal.Tests.Identity.AccountSupport;

namespace StarPortal.Tests.Identity;

[Trait("Category", "Unit")]
public sealed class SecondFactorTests
{
    /// <summary>RFC 6238, appendix B: SHA-1, the last six of its eight digits. The key is "12345678901234567890" in base 32.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Code_IsThatOfTheStandard(long seconds, string code)
    {
        const string key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        var at = DateTimeOffset.FromUnixTimeSeconds(seconds);

        Assert.Equal(code, Totp.Code(key, at));
        Assert.Equal(seconds / 30, Totp.Verify(key, code, at, lastStep: 0));
    }

    [Fact]
    public void NewKeys_AreBase32AndDiffer()
    {
        var keys = Enumerable.Range(0, 100).Select(_ => Totp.NewKey()).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(100, keys.Count);
        Assert.All(keys, key => Assert.Matches("^[A-Z2-7]{32}$", key));
    }

    [Theory]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void Code_IsTaken_OnlyWithinOneStep(int seconds, bool isTaken)
    {
        var key = Totp.NewKey();
        var now = TestClock.ProcessStart;

        Assert.Equal(isTaken, Totp.Verify(key, Totp.Code(key, now.AddSeconds(seconds)), now, lastStep: 0) is not null);
    }

    [Fact]
    public async Task SignIn_NeedsTheCode_WhenAnAuthenticatorIsSetUp()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var (key, _) = await portal.EnableAuthenticatorAsync(user.Id);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var signIn = portal.Get<SignInService>();

        var step = await signIn.CheckPassphraseAsync("maria", Passphrase, Visitor, Ct);
        Assert.True(step.NeedsSecondFactor);
        Assert.Null((await portal.ReloadAsync(user.Id)).LastSignInAt);
        await signIn.CheckCodeAsync(user.Id, portal.CodeNow(key), Visitor, Ct);

        Assert.NotNull((await portal.ReloadAsync(user.Id)).LastSignInAt);
    }

    [Fact]
    public async Task Code_IsRefused_WhenItWasUsedBefore()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var (key, _) = await portal.EnableAuthenticatorAsync(user.Id);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        await portal.Get<SignInService>().CheckCodeAsync(user.Id, portal.CodeNow(key), Visitor, Ct);

        await RefusedAsync(() => portal.Get<SignInService>().CheckCodeAsync(user.Id, portal.CodeNow(key), Visitor, Ct), ErrorKind.Unauthenticated);
    }

    [Fact]
    public async Task OneSessionBegins_WhenOneCodeIsSentManyTimesAtOnce()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var (key, _) = await portal.EnableAuthenticatorAsync(user.Id);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                await portal.Get<SignInService>().CheckCodeAsync(user.Id, portal.CodeNow(key), Visitor, Ct);
                return true;
            }
            catch (ServiceException)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, admitted => admitted);
    }

    [Fact]
    public async Task Account_Rests_WhenFiveCodesWereWrong()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var (key, _) = await portal.EnableAuthenticatorAsync(user.Id);
        portal.Clock.Advance(TimeSpan.FromMinutes(1));
        var signIn = portal.Get<SignInService>();
        for (var i = 0; i < 5; i++)
        {
            await signIn.CheckPassphraseAsync("maria", Passphrase, Visitor, Ct); // a right passphrase in between must not reset the count
            await RefusedAsync(() => signIn.CheckCodeAsync(user.Id, "000000", Visitor, Ct), ErrorKind.Unauthenticated);
        }

        await RefusedAsync(() => signIn.CheckCodeAsync(user.Id, portal.CodeNow(key), Visitor, Ct), ErrorKind.Unauthenticated);
    }

    [Fact]
    public async Task RecoveryCode_LetsIn_Once()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var (_, codes) = await portal.EnableAuthenticatorAsync(user.Id);
        var signIn = portal.Get<SignInService>();

        await signIn.CheckRecoveryCodeAsync(user.Id, codes[3].ToLowerInvariant(), Visitor, Ct);

        await RefusedAsync(() => signIn.CheckRecoveryCodeAsync(user.Id, codes[3], Visitor, Ct), ErrorKind.Unauthenticated);
        Assert.Equal(9, (await portal.Get<AccountSecurity>().GetAsync(await portal.SignedInAsync(user.Id, hasSecondFactor: true), Ct)).RecoveryCodesLeft);
    }

    [Fact]
    public async Task Secrets_AreNotInTheDatabaseInTheClear()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var (key, codes) = await portal.EnableAuthenticatorAsync(user.Id);

        await using var db = portal.NewDb();
        var values = await db.UserTokens.Select(token => token.Value!).ToListAsync(Ct);
        Assert.Equal(3, values.Count);
        Assert.All(values, value => Assert.DoesNotContain(key, value, StringComparison.Ordinal));
        Assert.All(values, value => Assert.DoesNotContain(codes, code => value.Contains(code, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Setup_StoresNothing_UntilTheAppHasProvedItself()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var actor = await portal.SignedInAsync(user.Id);
        var setup = portal.Get<SecondFactors>().NewSetup(user.Id, "maria");

        var refusal = await RefusedAsync(
            () => portal.Get<AccountSecurity>().EnableAuthenticatorAsync(setup.SealedKey, "123 456", Passphrase, actor, Ct), ErrorKind.Invalid);

        Assert.Equal("Code", refusal.Field);
        Assert.False((await portal.ReloadAsync(user.Id)).TwoFactorEnabled);
        Assert.Equal(setup.Key, portal.Get<SecondFactors>().SameSetup(user.Id, "maria", setup.SealedKey).Key);
    }

    [Fact]
    public async Task Setup_IsRefused_WhenItWasMadeForSomebodyElse()
    {
        await using var portal = await StartAsync();
        var maria = await portal.AddAccountAsync("maria");
        var mallory = await portal.AddAccountAsync("mallory");
        var setup = portal.Get<SecondFactors>().NewSetup(mallory.Id, "mallory");

        var actor = await portal.SignedInAsync(maria.Id);
        await RefusedAsync(
            () => portal.Get<AccountSecurity>().EnableAuthenticatorAsync(setup.SealedKey, portal.CodeNow(setup.Key), Passphrase, actor, Ct), ErrorKind.Gone);
    }

    [Fact]
    public async Task SecondFactor_CannotBeChanged_WithoutItOrWithoutThePassphrase()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        await portal.EnableAuthenticatorAsync(user.Id);
        var security = portal.Get<AccountSecurity>();
        var byPassphraseOnly = await portal.SignedInAsync(user.Id);
        var proven = await portal.SignedInAsync(user.Id, hasSecondFactor: true);

        await RefusedAsync(() => security.DisableAuthenticatorAsync(Passphrase, byPassphraseOnly, Ct), ErrorKind.Forbidden);
        await RefusedAsync(() => security.BeginPasskeyAsync(Passphrase, byPassphraseOnly, Ct), ErrorKind.Forbidden);
        await RefusedAsync(() => security.RenewRecoveryCodesAsync(Passphrase, byPassphraseOnly, Ct), ErrorKind.Forbidden);
        await RefusedAsync(() => security.DisableAuthenticatorAsync("wrong passphrase here", proven, Ct), ErrorKind.Unauthenticated);
        await RefusedAsync(() => security.DisableAuthenticatorAsync(null, proven, Ct), ErrorKind.Unauthenticated);
        Assert.True((await portal.ReloadAsync(user.Id)).TwoFactorEnabled);
    }

    [Fact]
    public async Task Disabling_TakesTheCodesAlongAndClosesOtherSessions()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var (_, codes) = await portal.EnableAuthenticatorAsync(user.Id);
        var other = await portal.OpenSessionAsync(await portal.ReloadAsync(user.Id), hasSecondFactor: true);

        await portal.Get<AccountSecurity>().DisableAuthenticatorAsync(Passphrase, await portal.SignedInAsync(user.Id, hasSecondFactor: true), Ct);

        Assert.Null((await portal.Get<Actors>().ResolveAsync(other, null, Ct)).Id);
        await RefusedAsync(() => portal.Get<SignInService>().CheckRecoveryCodeAsync(user.Id, codes[0], Visitor, Ct), ErrorKind.Unauthenticated);
        await using var db = portal.NewDb();
        Assert.Contains(AuditAction.SecondFactorDisabled, await db.AuditRecords.Select(record => record.Action).ToListAsync(Ct));
    }

    [Fact]
    public async Task Passkey_IsASecondFactor_AndWorksWhileThePassphraseRests()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var passkey = await AddPasskeyAsync(portal, user.Id);
        Assert.True((await portal.Get<SignInService>().CheckPassphraseAsync("maria", Passphrase, Visitor, Ct)).NeedsSecondFactor);
        for (var i = 0; i < 5; i++)
            await RefusedAsync(() => portal.Get<SignInService>().CheckPassphraseAsync("maria", "wrong passphrase here", Visitor, Ct), ErrorKind.Unauthenticated);

        await portal.Get<SignInService>().CompletePasskeyAsync(user.Id, passkey, Visitor, Ct);

        Assert.Equal(portal.Clock.Now, (await portal.ReloadAsync(user.Id)).LastSignInAt);
    }

    [Fact]
    public async Task Passkey_IsRefused_WhenAnAdministratorLockedTheAccountOrTheUserWasNotVerified()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var passkey = await AddPasskeyAsync(portal, user.Id);
        var signIn = portal.Get<SignInService>();
        await RefusedAsync(() => signIn.CompletePasskeyAsync(user.Id, Passkey(isVerified: false), Visitor, Ct), ErrorKind.Unauthenticated);

        await portal.Get<UserAdministration>().LockAsync(user.Id, "left", await portal.AddAdministratorAsync(), Ct);

        await RefusedAsync(() => signIn.CompletePasskeyAsync(user.Id, passkey, Visitor, Ct), ErrorKind.Unauthenticated);
    }

    [Fact]
    public async Task FirstPasskey_BringsRecoveryCodes_AndRemovingTheLastTakesThemAway()
    {
        await using var portal = await StartAsync();
        var user = await portal.AddAccountAsync("maria");
        var security = portal.Get<AccountSecurity>();

        var codes = await security.AddPasskeyAsync(Passkey(), " My\u0007 phone ", await portal.SignedInAsync(user.Id), Ct);
        var proven = await portal.SignedInAsync(user.Id, hasSecondFactor: true);
        var shown = Assert.Single((await security.GetAsync(proven, Ct)).Passkeys);
        await security.RemovePasskeyAsync(shown.Id, Passphrase, proven, Ct);

        Assert.Equal(10, codes.Count);
        Assert.Equal("My phone", shown.Name);
        Assert.Equal(0, (await security.GetAsync(await portal.SignedInAsync(user.Id), Ct)).RecoveryCodesLeft);
    }

    private static async Task<UserPasskeyInfo> AddPasskeyAsync(TestPortal portal, Guid userId)
    {
        var passkey = Passkey();
        await portal.Get<AccountSecurity>().AddPasskeyAsync(passkey, "Phone", await portal.SignedInAsync(userId), Ct);
        return passkey;
    }

    private static UserPasskeyInfo Passkey(bool isVerified = true) =>
        new([1, 2, 3, 4], [5, 6, 7], TestClock.ProcessStart, signCount: 1, transports: ["internal"], isUserVerified: isVerified, isBackupEligible: false, isBackedUp: false, [8], [9]);
}
