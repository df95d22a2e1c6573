using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Data;
using StarPortal.Core.MyProxy;
using StarPortal.Core.Shared;
using StarPortal.Tests.MyProxy.Repository;
using StarPortal.Tests.Support;
using StarPortal.Web.Hosting.Status;

namespace StarPortal.Tests.MyProxy.Mirror;

/// <summary>Second sites that do not answer, or not as they should.</summary>
[Trait("Category", "Unit")]
public sealed class MirrorFailureTests : IAsyncLifetime
{
    private readonly TestFolder folder = new();
    private readonly int port = FreePorts.Take(1)[0];
    private TestPortal portal = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        MirrorScene.WriteSecret(folder["secret"]);
        portal = await Clients.StartAsync(
            ("MyProxy:Mirror:Directory", folder["store"]), ("MyProxy:Mirror:Sites:second:Url", $"https://localhost:{port}/"), ("MyProxy:Mirror:Sites:second:SecretFile", folder["secret"]));
    }

    public async ValueTask DisposeAsync()
    {
        await portal.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task SiteThatIsDown_IsTold_AndKeepsNothingFromTheOthers()
    {
        var ada = await Clients.AddStoredAsync(portal);

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<MirrorJob>().RunAsync(Ct));

        Assert.StartsWith("directory: 1 held, 1 sent, 0 removed, 0 differ; second: The portal there can't be reached", refusal.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["store", $"{ada.Actor.Name}.creds"]));
        var sides = await portal.Get<MirrorOverview>().ListAsync(Actor.System("test"), Ct);
        Assert.Equal([("directory", true), ("second", false)], sides.Select(side => (side.Name, side.IsInStep)));
        Assert.StartsWith("The portal there can't be reached", sides[1].State!.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatDidNotEnd_IsTriedAgain_AndNeverGivenUp()
    {
        var ada = await Clients.AddStoredAsync(portal);
        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<MirrorJob>().RunAsync(Ct));
        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<MirrorJob>().RunAsync(Ct));
        await portal.Get<StoredCredentialAdministration>().RemoveAsync(new CredentialKey(ada.Actor.Name, ""), Actor.System("test"), Ct);

        for (var night = 0; night < 5; night++)
        {
            await portal.DrainOutboxAsync();
            portal.Clock.Advance(TimeSpan.FromDays(1));
        }

        await using var db = portal.NewDb();
        var items = await db.Outbox.AsNoTracking().Where(item => item.Kind == MirrorErrand.Kind).ToListAsync(Ct);
        Assert.Equal(2, items.Count(item => item.Status == OutboxStatus.Pending)); // One run, however often it failed, and one removal; the directory has been told.
        Assert.Equal(1, items.Count(item => item.Status == OutboxStatus.Done));
        Assert.False(File.Exists(folder["store", $"{ada.Actor.Name}.creds"]));
    }

    [Fact]
    public async Task SiteThatMissedMoreThanTwoNights_IsAnAlarm()
    {
        await Assert.ThrowsAsync<ServiceException>(() => portal.Get<MirrorJob>().RunAsync(Ct));
        Assert.Equal("wait", await LineAsync());
        portal.Clock.Advance(TimeSpan.FromHours(48));
        Assert.Equal("wait", await LineAsync());
        portal.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal("bad", await LineAsync());
    }

    [Theory]
    [InlineData("Sites:Second:Url", "https://localhost", "Sites:Second: a name has up to 60 small letters")]
    [InlineData("Sites:directory:Url", "https://localhost", "Sites:directory: the name 'directory' is the directory's")]
    [InlineData("Sites:b:Url", "http://localhost", "Sites:b: Url begins with https://")]
    [InlineData("Sites:b:Url", "https://me@localhost", "Sites:b: Url begins with https://")]
    [InlineData("Sites:b:Timeout", "00:00:00", "Sites:b: The field Timeout must be between")]
    [InlineData("Sites:b:RootsFile", "/no/such/file", "Sites:b: RootsFile /no/such/file cannot be read as PEM")]
    [InlineData("Sites:b:SecretFile", "/no/such/file", "Sites:b: SecretFile /no/such/file does not exist")]
    [InlineData("Accept:b:SecretFile", "/no/such/file", "Accept:b: SecretFile /no/such/file does not exist")]
    [InlineData("Accept:b:MaxCredentials", "0", "Accept:b: The field MaxCredentials must be between")]
    [InlineData("Directory", "here", "Directory is \"here\": write the whole path")]
    [InlineData("Name", "a b", "Name is \"a b\"")]
    public async Task BadOption_IsNamedAtStart(string option, string value, string message)
    {
        var refusal = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => Clients.StartAsync(($"MyProxy:Mirror:{option}", value)));
        Assert.Contains($"MyProxy:Mirror:{message}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("too short")]
    [InlineData("AAAA")]
    [InlineData("")]
    public void SecretThatIsNone_IsNamed(string content)
    {
        File.WriteAllText(folder["bad"], content);
        File.SetUnixFileMode(folder["bad"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Null(MirrorSecret.TryRead(folder["bad"], out var problem));
        Assert.Contains("is not 32 bytes in base64 or hex", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void SecretThatOthersMayRead_IsNamed()
    {
        File.SetUnixFileMode(folder["secret"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Null(MirrorSecret.TryRead(folder["secret"], out var problem));
        Assert.Contains("chmod 600", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BadPolicyPattern_IsNamedAtStart()
    {
        var refusal = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() =>
            Clients.StartAsync(("MyProxy:Policies:DefaultRenewers:0", "*"), ("MyProxy:Policies:DefaultRenewers:1", "(a|b")));
        Assert.Contains("MyProxy:Policies:DefaultRenewers:1 is \"(a|b\", which is no pattern of names", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<string> LineAsync()
    {
        var status = new PortalStatus(portal.Clock.Now, new(0, 0, null), new(0, 0, null), null, [], [], null) { Mirrors = await portal.Get<MirrorOverview>().ReadTargetsAsync(Ct) };
        return StatusLines.Of(status, portal.Clock.Now, servesMyProxy: true).Single(line => line.Name == "Copies of MyProxy elsewhere").Kind;
    }
}
