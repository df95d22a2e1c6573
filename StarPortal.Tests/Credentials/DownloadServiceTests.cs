using Microsoft.EntityFrameworkCore;
using StarPortal.Core.Audit;
using StarPortal.Core.Credentials;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Credentials;

[Trait("Category", "Unit")]
public sealed class DownloadServiceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetKey_HandsOutTheKeyAndRecordsIt_WhenThePassphraseIsRight()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);

        var file = await portal.Get<DownloadService>().GetKeyAsync(ada.Certificate.SerialNumber, DownloadUse.Firefox, CertifiedPerson.Passphrase, ada.Actor, Ct);

        Assert.EndsWith(".p12", file.Name, StringComparison.Ordinal);
        await using var db = portal.NewDb();
        var record = await db.AuditRecords.SingleAsync(row => row.Action == AuditAction.CredentialDownloaded, Ct);
        Assert.Equal(ada.Actor.Id, record.ActorId);
        Assert.DoesNotContain(CertifiedPerson.Passphrase, record.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetKey_DoesNotExist_ForAnybodyElse()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        Actor[] others = [(await CertifiedPerson.AddAsync(portal)).Actor, await portal.AddOfficerAsync(ada.Organisation), await portal.AddAdministratorAsync()];

        foreach (var other in others)
        {
            var refusal = await Assert.ThrowsAsync<ServiceException>(() =>
                portal.Get<DownloadService>().GetKeyAsync(ada.Certificate.SerialNumber, DownloadUse.Firefox, CertifiedPerson.Passphrase, other, Ct));
            Assert.Equal(ErrorKind.NotFound, refusal.Kind);
        }
    }

    [Fact]
    public async Task GetKey_ShutsNobodyOut_WhenTheRightPassphraseIsGivenInTwoPlacesAtOnce()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Credentials:MaxAttempts"] = "3" });
        var ada = await CertifiedPerson.AddAsync(portal);
        for (var round = 0; round < 8; round++)
        {
            var refusals = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () => await Record.ExceptionAsync(() =>
                portal.Get<DownloadService>().GetKeyAsync(ada.Certificate.SerialNumber, DownloadUse.Grid, CertifiedPerson.Passphrase, ada.Actor, Ct)), Ct)));
            Assert.All(refusals.OfType<Exception>(), refusal => Assert.Equal(CredentialErrors.AttemptUnderWay().Message, Assert.IsType<ServiceException>(refusal).Message));
        }

        await portal.Get<DownloadService>().GetKeyAsync(ada.Certificate.SerialNumber, DownloadUse.Grid, CertifiedPerson.Passphrase, ada.Actor, Ct);
        await using var db = portal.NewDb();
        Assert.Equal(0, (await db.Credentials.SingleAsync(Ct)).Attempts);
    }

    [Fact]
    public async Task GetKey_CountsWrongPassphrases_AndRestsAfterTheLimit()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Credentials:MaxAttempts"] = "3", ["Credentials:AttemptWait"] = "00:10:00" });
        var ada = await CertifiedPerson.AddAsync(portal);

        for (var left = 2; left >= 0; left--)
            Assert.Equal((ErrorKind.Invalid, CredentialErrors.WrongPassphrase(left).Message), await RefusalAsync(portal, ada, "not it at all"));

        Assert.Equal(ErrorKind.TooMany, (await RefusalAsync(portal, ada, CertifiedPerson.Passphrase)).Kind);
        portal.Clock.Advance(TimeSpan.FromMinutes(10));
        await portal.Get<DownloadService>().GetKeyAsync(ada.Certificate.SerialNumber, DownloadUse.Grid, CertifiedPerson.Passphrase, ada.Actor, Ct);
        await using var db = portal.NewDb();
        Assert.Equal(3, await db.AuditRecords.CountAsync(row => row.Action == AuditAction.CredentialRefused, Ct));
    }

    [Fact]
    public async Task GetKey_SpendsATryEach_WhenGuessesComeAtOnce()
    {
        await using var portal = await TestPortal.StartAsync(new Dictionary<string, string?> { ["Credentials:MaxAttempts"] = "3" });
        var ada = await CertifiedPerson.AddAsync(portal);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => Task.Run(() => RefusalAsync(portal, ada, $"guess number {number}"), Ct)));

        Assert.InRange(outcomes.Count(outcome => outcome.Kind is ErrorKind.Invalid), 1, 3);
        Assert.All(outcomes, outcome => Assert.True(outcome.Kind is ErrorKind.Invalid or ErrorKind.TooMany));
    }

    [Fact]
    public async Task GetKey_IsRefused_WhenThePortalHasNoKey()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal, storesKey: false);

        Assert.Equal((ErrorKind.Conflict, CredentialErrors.NoKey().Message), await RefusalAsync(portal, ada, CertifiedPerson.Passphrase));
    }

    [Fact]
    public async Task GetCertificate_GivesLeafIssuerAndRoot_WhenTheChainIsAskedFor()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);

        var alone = await portal.Get<DownloadService>().GetCertificateAsync(ada.Certificate.SerialNumber, withChain: false, ada.Actor, Ct);
        var chain = await portal.Get<DownloadService>().GetCertificateAsync(ada.Certificate.SerialNumber, withChain: true, ada.Actor, Ct);

        Assert.Equal((1, 3), (Count(alone), Count(chain)));
        int Count(DownloadFile file) => System.Text.Encoding.ASCII.GetString(file.Content).Split("BEGIN CERTIFICATE").Length - 1;
    }

    [Fact]
    public async Task StoredKey_IsNowhereInTheDatabase_AsThePersonEncryptedIt()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        await using var db = portal.NewDb();
        var credential = await db.Credentials.SingleAsync(row => row.CertificateId == ada.Certificate.Id, Ct);

        var inside = portal.Get<CredentialStore>().Open(credential);

        Assert.Equal(0x30, inside[0]);
        Assert.Equal(-1, credential.SealedKey.AsSpan().IndexOf(inside.AsSpan(0, 32)));
    }

    private static async Task<(ErrorKind Kind, string Message)> RefusalAsync(TestPortal portal, CertifiedPerson person, string passphrase)
    {
        var refusal = await Assert.ThrowsAsync<ServiceException>(() =>
            portal.Get<DownloadService>().GetKeyAsync(person.Certificate.SerialNumber, DownloadUse.Firefox, passphrase, person.Actor, Ct));
        return (refusal.Kind, refusal.Message);
    }
}
