using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Identity;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;
using static StarPortal.Tests.Identity.AccountSupport;

namespace StarPortal.Tests.Identity;

/// <summary>The first administrator's link, and the demo's people.</summary>
[Trait("Category", "Unit")]
public sealed class FirstStartTests
{
    [Fact]
    public async Task Link_IsPrintedOnce_AndMakesOneAdministrator()
    {
        await using var portal = await TestPortal.StartAsync();
        var first = portal.Get<FirstAdministrator>();
        var path = await first.EnsureLinkAsync(Ct);
        Assert.StartsWith("/setup/", path, StringComparison.Ordinal);
        Assert.Null(await first.EnsureLinkAsync(Ct));
        var token = path!["/setup/".Length..];

        await first.CheckLinkAsync(token, Ct);
        var user = await first.SetUpAsync(token, Account("ada"), Visitor, Ct);

        Assert.True((await portal.SignedInAsync(user.Id)).Is(PortalRole.Administrator));
        await RefusedAsync(() => first.CheckLinkAsync(token, Ct), ErrorKind.Gone);
        await RefusedAsync(() => first.SetUpAsync(token, Account("eve"), Visitor, Ct), ErrorKind.Gone);
        await RefusedAsync(() => first.RenewLinkAsync(Ct), ErrorKind.Conflict);
        Assert.Null(await first.EnsureLinkAsync(Ct));
        await using var db = portal.NewDb();
        Assert.Equal(1, await db.AuditRecords.CountAsync(record => record.Action == AuditAction.RoleGranted, Ct));
    }

    [Fact]
    public async Task Link_IsReplaced_WhenLostOrExpired()
    {
        await using var portal = await TestPortal.StartAsync();
        var first = portal.Get<FirstAdministrator>();
        var lost = (await first.EnsureLinkAsync(Ct))!["/setup/".Length..];

        var renewed = (await first.RenewLinkAsync(Ct))["/setup/".Length..];
        await RefusedAsync(() => first.CheckLinkAsync(lost, Ct), ErrorKind.Gone);
        await first.CheckLinkAsync(renewed, Ct);
        portal.Clock.Advance(TimeSpan.FromDays(1));

        Assert.NotNull(await first.EnsureLinkAsync(Ct));
    }

    [Fact]
    public async Task Link_StaysGood_WhenTheFormWasWrong()
    {
        await using var portal = await TestPortal.StartAsync();
        var first = portal.Get<FirstAdministrator>();
        var token = (await first.EnsureLinkAsync(Ct))!["/setup/".Length..];

        Assert.Equal("Passphrase", (await RefusedAsync(() => first.SetUpAsync(token, Account("ada") with { Password = "password1234" }, Visitor, Ct), ErrorKind.Invalid)).Field);
        Assert.Equal("UserName", (await RefusedAsync(() => first.SetUpAsync(token, Account("a/b"), Visitor, Ct), ErrorKind.Invalid)).Field);

        await first.SetUpAsync(token, Account("ada"), Visitor, Ct);
    }

    [Fact]
    public async Task OneAdministrator_IsMade_WhenTheLinkIsUsedTwiceAtOnce()
    {
        await using var portal = await TestPortal.StartAsync();
        var first = portal.Get<FirstAdministrator>();
        var token = (await first.EnsureLinkAsync(Ct))!["/setup/".Length..];

        var outcomes = await Task.WhenAll(new[] { "ada", "eve", "mallory" }.Select(async name =>
        {
            try
            {
                await first.SetUpAsync(token, Account(name), Visitor, Ct);
                return true;
            }
            catch (ServiceException)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, made => made);
        await using var db = portal.NewDb();
        Assert.Equal(1, await db.Users.CountAsync(Ct));
    }

    [Fact]
    public async Task DemoPersonas_SignIn_AndKeepTheirPasswordsOverRestarts()
    {
        await using var portal = await TestPortal.StartAsync();
        var (accounts, areNew) = await portal.Get<DemoPersonas>().EnsureAsync(Ct);
        var (again, areNewAgain) = await portal.Get<DemoPersonas>().EnsureAsync(Ct);

        Assert.True(areNew);
        Assert.False(areNewAgain);
        Assert.Equal(["administrator", "officer", "owner", "subscriber"], accounts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(accounts.OrderBy(pair => pair.Key, StringComparer.Ordinal), again.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(4, accounts.Values.Select(account => account.Password).Distinct(StringComparer.Ordinal).Count());
        foreach (var account in again.Values)
            Assert.False((await portal.Get<SignInService>().CheckPassphraseAsync(account.UserName, account.Password, Visitor, Ct)).NeedsSecondFactor);
        await using var db = portal.NewDb();
        Assert.Equal(4, await db.Users.CountAsync(user => user.IsDemoPersona, Ct));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task DemoPersonas_DoWithoutASecondFactor_InADemoOnly(string demo, bool exempt)
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Portal:Demo"] = demo });
        var (accounts, _) = await portal.Get<DemoPersonas>().EnsureAsync(Ct);
        await using var db = portal.NewDb();
        var officer = await db.Users.SingleAsync(user => user.UserName == accounts["officer"].UserName, Ct);

        Assert.Equal(exempt, (await portal.SignedInAsync(officer.Id)).HasSecondFactor);
        Assert.Equal(!exempt, await portal.Get<Actors>().OwesSecondFactorAsync(officer.Id, Ct));
    }

    [Fact]
    public async Task DemoFile_IsThatOfTheContract_AndNobodyElseMayReadIt()
    {
        await using var portal = await TestPortal.StartAsync();
        var (accounts, _) = await portal.Get<DemoPersonas>().EnsureAsync(Ct);
        var path = Path.Combine(portal.DataDirectory, "demo-accounts.json");

        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(path, Ct));
        Assert.Equal(accounts["officer"].Password, json.RootElement.GetProperty("officer").GetProperty("password").GetString());
        Assert.Equal("officer", json.RootElement.GetProperty("officer").GetProperty("userName").GetString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task DemoPersonas_GetNewPasswords_WhenTheFileIsLost()
    {
        await using var portal = await TestPortal.StartAsync();
        var (accounts, _) = await portal.Get<DemoPersonas>().EnsureAsync(Ct);
        File.Delete(Path.Combine(portal.DataDirectory, "demo-accounts.json"));

        var (anew, areNew) = await portal.Get<DemoPersonas>().EnsureAsync(Ct);

        Assert.True(areNew);
        Assert.NotEqual(accounts["officer"].Password, anew["officer"].Password);
        await portal.Get<SignInService>().CheckPassphraseAsync("officer", anew["officer"].Password, Visitor, Ct);
        await RefusedAsync(() => portal.Get<SignInService>().CheckPassphraseAsync("officer", accounts["officer"].Password, Visitor, Ct), ErrorKind.Unauthenticated);
    }

    [Fact]
    public async Task Demo_ShowsACoveredOrganisationAndAThinOne_AndItsOfficerNeedsNoSecondFactor()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Portal:Demo"] = "true" });
        await portal.Get<DemoPersonas>().EnsureAsync(Ct);

        var covers = (await portal.Get<OfficerDirectory>().CoverAsync(Ct)).ToDictionary(cover => cover.Organisation, StringComparer.Ordinal);
        await using var db = portal.NewDb();
        var officer = await portal.SignedInAsync((await db.Users.SingleAsync(user => user.UserName == "officer", Ct)).Id);

        Assert.True(covers["Demo University"] is { IsOpen: true, IsThin: false });
        Assert.True(covers["Demo Observatory"] is { IsOpen: true, IsThin: true, IsBare: false });
        Assert.True(officer.HasSecondFactor);
        Assert.True(officer.IsOfficerOf(covers["Demo University"].OrganisationId));
        Assert.Null(await portal.Get<FirstAdministrator>().EnsureLinkAsync(Ct));
    }
}
