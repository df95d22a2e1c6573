using StarPortal.Core.Credentials;
using StarPortal.Core.Revocation;
using StarPortal.Core.Shared;
using StarPortal.Tests.Support;

namespace StarPortal.Tests.Credentials;

[Trait("Category", "Unit")]
public sealed class MyCertificatesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TestDatabase.Providers), MemberType = typeof(TestDatabase))]
    public async Task List_HoldsOnesOwnCertificates_WithTheStateOfTheirKey(Core.Data.DatabaseProvider provider)
    {
        await using var portal = await TestPortal.StartAsync(provider: provider);
        var (ada, bob) = (await CertifiedPerson.AddAsync(portal), await CertifiedPerson.AddAsync(portal, storesKey: false));
        await portal.Get<DownloadService>().GetKeyAsync(ada.Certificate.SerialNumber, DownloadUse.Grid, CertifiedPerson.Passphrase, ada.Actor, Ct);

        var ofAda = Assert.Single(await portal.Get<MyCertificates>().ListAsync(ada.Actor, Ct));
        var ofBob = Assert.Single(await portal.Get<MyCertificates>().ListAsync(bob.Actor, Ct));

        Assert.Equal((ada.Certificate.SerialNumber, true, portal.Clock.Now), (ofAda.SerialNumber, ofAda.HasKey, ofAda.KeyDownloadedAt));
        Assert.Equal((false, (DateTimeOffset?)null), (ofBob.HasKey, ofBob.KeyDownloadedAt));
    }

    [Fact]
    public async Task State_FollowsTheClockAndTheRevocation()
    {
        await using var portal = await TestPortal.StartAsync();
        var ada = await CertifiedPerson.AddAsync(portal);
        var (mine, end) = (portal.Get<MyCertificates>(), ada.Certificate.NotAfter);
        async Task<CertificateState> StateAsync(DateTimeOffset at) => (await mine.GetAsync(ada.Certificate.SerialNumber, ada.Actor, Ct)).StateAt(at);

        Assert.Equal(CertificateState.Valid, await StateAsync(end.AddDays(-31)));
        Assert.Equal(CertificateState.ExpiresSoon, await StateAsync(end.AddDays(-30)));
        Assert.Equal(CertificateState.Expired, await StateAsync(end));
        await portal.Get<RevocationService>().RevokeAsync(ada.Certificate.SerialNumber, RevocationCause.NoLongerNeeded, null, ada.Actor, Ct);
        Assert.Equal(CertificateState.Revoked, await StateAsync(end.AddDays(-31)));
    }

    [Fact]
    public async Task Certificate_DoesNotExist_ForOthers()
    {
        await using var portal = await TestPortal.StartAsync();
        var (ada, bob) = (await CertifiedPerson.AddAsync(portal), await CertifiedPerson.AddAsync(portal));

        var refusal = await Assert.ThrowsAsync<ServiceException>(() => portal.Get<MyCertificates>().GetAsync(ada.Certificate.SerialNumber, bob.Actor, Ct));

        Assert.Equal(ErrorKind.NotFound, refusal.Kind);
        Assert.Null(await portal.Get<MyCertificates>().FindTriesAsync(ada.Certificate.Id, bob.Actor, Ct));
    }
}
